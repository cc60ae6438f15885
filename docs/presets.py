#!/usr/bin/env python3
"""Writes docs/presets.md: suggestions beside the layouts of other tools, on commits that none of them has seen.

    LAYERWRIGHT=target/release/layerwright docs/presets.py CHECKOUT APP [APP ...] [-- CHECKOUT APP ...]

FRESH names the folders, with commas, of those checkouts that no rule of the advice was ever decided on.

Each checkout is a git repository with its history; each app a label of an app or of any py_binary. The whole history is
read. The older half of an app's deploys is what presets and suggestions know; the bytes are those of the newer half.
"""
import datetime
import json
import math
import os
import subprocess
import sys

PROFILES = ["keep", "chain"]
# Found by hand, deploy by deploy; to be looked at anew when the table changes.
WHY = """
Looked at deploy by deploy on 2026-11-25. The search is not the cause: started from the preset's own layout it ended at most
0.3 % lower than without, and no preset's layout was expected to cost less than what was found. What happened:

- whale-net/everything: a single newer deploy changes packages, and decides every case. In the older half 3 or 4 of 12 or 13 deploys did,
  so small packages were put with the code to spare the large layer; in the newer half it was one of 13 or 14, and they were fetched
  with each deploy of the code. For the bot no older deploy changes packages at all: nothing said that the exporter which the one newer
  deploy changes had better stand above what it shares 24 MB with; that one deploy is 24.8 of the 24.8 MB between nix and us.
- magma under chain: four newer deploys change packages, three of them at the bottom of either layout. What is left is one deploy
  that changes `cryptography` alone, or one other package, which no older deploy had changed: 7.6 of the 8.2 MB for magmad, 2.3 MB for
  subscriberdb, where other deploys win 0.7 MB back. Every wheel is estimated at one size there, so sizes say nothing either.
- opentitan's regtool with 7 groups: 0.4 MB more stay with the code than the older half made worth a layer, 1.3 of 61 MB in all.
- The fresh repositories have the history that the others lack, and there 67 of 70 cases are the least or within 1 %; the rest
  are within 8 %.
"""
FEW = 5


def git(checkout, *arguments):
    return subprocess.run(["git", "-C", checkout, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def megabytes(count):
    return f"{count / 1e6:,.2f}" if count < 1e8 else f"{count / 1e6:,.0f}"


def compared(program, checkout, app):
    command = [program, "plan", checkout, "--app", app, "--commits", "0", "--compare", "--format", "json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def table(document):
    rows = document["rows"]
    floor = next(row for row in rows if row["name"] == "floor")
    deploys, lock = document["deploys"], document["lock_deploys"]
    sentence = f"{deploys} deploys in the newer half, {lock} of them change packages. MB, in brackets how many times the floor; right of it what is suggested for as many groups."
    lines = [f"### `{document['app']}`", "", sentence, ""]
    lines += ["| layout | groups | " + " | ".join(PROFILES + [f"as many, {profile}" for profile in PROFILES]) + " |", "|---|---:|" + "---:|" * (2 * len(PROFILES))]
    for row in rows:
        cells = []
        for profile in PROFILES:
            bytes_, least = row["repull"][profile], max(floor["repull"][profile], 1)
            cells.append(f"{megabytes(bytes_)} ({bytes_ / least:.2f})")
        as_many = row["suggested_with_as_many"]
        cells += [megabytes(as_many[profile]) if as_many else "" for profile in PROFILES]
        lines.append(f"| {row['name']} | {row['groups'] if row is not floor else ''} | " + " | ".join(cells) + " |")
    return lines + [""]


def ratio(ours, other):
    return ours / max(other, 1)


def summary(title, cases):
    """One line: how many of the cases are the least or within 1 %, the geometric mean and the worst."""
    cases = sorted(cases)
    good = sum(value <= 1.01 for value, _ in cases)
    mean = math.exp(sum(math.log(max(value, 1e-9)) for value, _ in cases) / len(cases))
    worst, where = cases[-1]
    return f"| {title} | {good} of {len(cases)} | {mean:.2f} | {worst:.2f} ({where}) |"


def as_many_cases(documents, profile):
    cases = []
    for document in documents:
        for row in document["rows"]:
            if row["suggested_with_as_many"] is not None and row["groups"] > 0:
                value = ratio(row["suggested_with_as_many"][profile], row["repull"][profile])
                cases.append((value, f"`{document['app']}`, {row['name']}"))
    return cases


def losses(documents):
    """Every preset that did better than what is suggested for as many groups."""
    lines = ["| app | profile | preset | groups | times its bytes | package deploys, of all |", "|---|---|---|---:|---:|---:|"]
    for document in documents:
        for profile in PROFILES:
            for row in document["rows"]:
                if row["suggested_with_as_many"] is None or row["groups"] == 0:
                    continue
                value = ratio(row["suggested_with_as_many"][profile], row["repull"][profile])
                if value > 1.01:
                    lines.append(f"| `{document['app']}`{' (fresh)' if document['is_fresh'] else ''} | {profile} | {row['name']} | {row['groups']} | {value:.2f} | {document['lock_deploys']} of {document['deploys']} |")
    return lines


def summaries(documents):
    names = [row["name"] for row in documents[0]["rows"] if row["name"].startswith("suggested")]
    is_preset = lambda row: row["suggested_with_as_many"] is not None
    lines = ["## With as many groups as the preset", ""]
    lines += ["Every preset of every app against what is suggested when it may have as many groups and no more:", ""]
    lines += ["| profile | least or within 1 % | geometric mean | worst |", "|---|---:|---:|---|"]
    fresh = [document for document in documents if document["is_fresh"]]
    for title, some in [("", documents), (", fresh repositories alone", fresh)]:
        for profile in PROFILES:
            if some:
                lines.append(summary(profile + title, as_many_cases(some, profile)))
    lines += ["", "Where a preset did better by more than 1 %:", ""] + losses(documents) + WHY.rstrip().split("\n")
    lines += ["", "## Against the best preset", ""]
    paying = sorted(row["groups"] for document in documents for row in document["rows"] if row["name"] == "suggested")
    most = max(row["groups"] for document in documents for row in document["rows"] if is_preset(row))
    lines += ["Against the preset that turned out best *for that app and profile*, however many groups it has (up to " + f"{most}). `suggested` has as", f"many groups as pay, {paying[len(paying) // 2]} at the median and {paying[-1]} at most; the others use what they may have:", ""]
    lines += ["| suggestion | profile | least or within 1 % | geometric mean | worst |", "|---|---|---:|---:|---|"]
    for name in names:
        for profile in PROFILES:
            cases = []
            for document in documents:
                best = min((row for row in document["rows"] if is_preset(row)), key=lambda row: row["repull"][profile])
                ours = next(row for row in document["rows"] if row["name"] == name)
                cases.append((ratio(ours["repull"][profile], best["repull"][profile]), f"`{document['app']}`, {best['name']}"))
            lines.append(summary(f"{name} | {profile}", cases))
    lines += ["", "## What further layers bring", ""]
    lines += ["Bytes fetched in the newer half by the number of groups, as a share of what one layer for everything fetches; the mean over the apps:", ""]
    lines += ["| profile | " + " | ".join(names) + " | floor |", "|---|" + "---:|" * (len(names) + 1)]
    for profile in PROFILES:
        cells = []
        for name in names + ["floor"]:
            shares = [next(row for row in document["rows"] if row["name"] == name)["repull"][profile] / max(next(row for row in document["rows"] if row["name"] == "single-layer")["repull"][profile], 1) for document in documents]
            cells.append(f"{100 * sum(shares) / len(shares):.2f} %")
        lines.append(f"| {profile} | " + " | ".join(cells) + " |")
    return lines + [""]


def main(arguments):
    program = os.environ.get("LAYERWRIGHT", "layerwright")
    fresh = os.environ.get("FRESH", "").split(",")
    groups, group = [], []
    for argument in arguments + ["--"]:
        if argument == "--":
            groups.append(group)
            group = []
        else:
            group.append(argument)
    body, documents = [], []
    for checkout, *apps in groups:
        origin = git(checkout, "rev-parse", "HEAD")
        count = git(checkout, "rev-list", "--count", "--first-parent", "HEAD")
        folder = os.path.basename(checkout.rstrip("/"))
        body += [f"## {os.environ.get('NAME_' + folder, folder.replace('+', '/'))} at {origin[:12]}{' (fresh)' if folder in fresh else ''}", "", f"{count} commits on the first-parent line.", ""]
        for app in apps:
            print(f"{folder} {app}", file=sys.stderr)
            document = compared(program, checkout, app)
            if document["deploys"] == 0:
                body += [f"### `{app}`", "", "No deploy in the newer half.", ""]
                continue
            document["is_fresh"] = folder in fresh
            documents.append(document)
            body += table(document)
    few = [document for document in documents if document["deploys"] < FEW]
    print("# Suggestions beside other layouts, on commits that none of them has seen")
    print(f"\nMade by `docs/presets.py` on {datetime.date.today()}. What each preset's rule is says `layerwright plan --preset`. Every byte is of")
    print("the model that `layerwright plan` uses: sizes from lock files where they hold them, estimates elsewhere. Profiles: see")
    print("`layerwright plan --help`; `reuse` fetches what `keep` does. Suggestions and presets know the older half of an app's deploys,")
    print("whatever its number; the bytes are those of the newer half. The few numbers that the suggestions' outlook rests on (`src/advice/outlook.rs`)")
    print("were chosen on older halves; two rules were decided after newer halves had been seen: what a layer must have saved already, and that")
    print("fewer than four older deploys are no evidence against a layer. No rule was ever decided on a repository that is marked as fresh.\n")
    print(f"A newer half is small: {sum(document['lock_deploys'] < 4 for document in documents)} of the {len(documents)} apps have fewer than four deploys in it that change packages, and which packages a single one")
    print(f"changes no older half can know. {len(few)} have fewer than {FEW} deploys at all.\n")
    print("\n".join(summaries(documents)))
    print("\n".join(body).rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
