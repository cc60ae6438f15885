#!/usr/bin/env python3
"""Writes docs/presets.md: suggestions beside the layouts of other tools, on commits that none of them has seen.

    LAYERWRIGHT=target/release/layerwright docs/presets.py CHECKOUT APP [APP ...] [-- CHECKOUT APP ...]

Each checkout is a git repository with its history; each app a label of an app or of any py_binary. The whole history is
read. The older half of an app's deploys is what presets and suggestions know; the bytes are those of the newer half.
"""
import datetime
import json
import os
import subprocess
import sys

PROFILES = ["keep", "chain", "reuse"]


def git(checkout, *arguments):
    return subprocess.run(["git", "-C", checkout, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def megabytes(count):
    return f"{count / 1e6:,.2f}" if count < 1e8 else f"{count / 1e6:,.0f}"


def table(program, checkout, app):
    command = [program, "plan", checkout, "--app", app, "--commits", "0", "--compare", "--format", "json"]
    document = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if document["deploys"] == 0:
        return None, []
    rows = document["rows"]
    floor = next(row for row in rows if row["name"] == "floor")
    lines = [f"### `{document['app']}`", "", f"{document['deploys']} deploys in the newer half. MB, and in brackets how many times the floor.", ""]
    lines += ["| layout | groups | " + " | ".join(PROFILES) + " |", "|---|---:|" + "---:|" * len(PROFILES)]
    for row in rows:
        cells = []
        for profile in PROFILES:
            bytes_, least = row["repull"][profile], max(floor["repull"][profile], 1)
            cells.append(f"{megabytes(bytes_)} ({bytes_ / least:.2f})")
        lines.append(f"| {row['name']} | {row['groups'] if row is not floor else ''} | " + " | ".join(cells) + " |")
    lines.append("")
    verdicts = []
    ours = {row["name"]: row for row in rows if row["name"].startswith("suggested")}
    presets = [row for row in rows if row["name"] not in ours and row["name"] not in ("floor", "present")]
    for name, row in ours.items():
        for profile in PROFILES:
            best = min(presets, key=lambda preset: preset["repull"][profile])
            verdicts.append((name, profile, document["app"], row["repull"][profile] / max(best["repull"][profile], 1), best["name"]))
    return lines, verdicts


def main(arguments):
    program = os.environ.get("LAYERWRIGHT", "layerwright")
    groups, group = [], []
    for argument in arguments + ["--"]:
        if argument == "--":
            groups.append(group)
            group = []
        else:
            group.append(argument)
    body, verdicts = [], []
    for checkout, *apps in groups:
        origin = git(checkout, "rev-parse", "HEAD")
        count = git(checkout, "rev-list", "--count", "--first-parent", "HEAD")
        body += [f"## {os.environ.get('NAME_' + os.path.basename(checkout.rstrip('/')), os.path.basename(checkout.rstrip('/')))} at {origin[:12]}", "", f"{count} commits on the first-parent line.", ""]
        for app in apps:
            lines, found = table(program, checkout, app)
            body += lines or [f"### `{app}`", "", "No deploy in the newer half.", ""]
            verdicts += found
    print("# Suggestions beside other layouts, on commits that none of them has seen")
    print(f"\nMade by `docs/presets.py` on {datetime.date.today()}. `pip-internal` has two groups, `rules-py` one; what each preset's rule is")
    print("says `layerwright plan --preset`. Every byte is of the model that `layerwright plan` uses: sizes from lock files where they")
    print("hold them, estimates elsewhere. Profiles: see `layerwright plan --help`.\n")
    print("## Against the best preset\n")
    print("How many times the bytes of the preset that turned out best *for that app and profile* the suggestion fetches:\n")
    print("| suggestion | profile | least or within 1 % | median | worst |\n|---|---|---:|---:|---|")
    for name in dict.fromkeys(verdict[0] for verdict in verdicts):
        for profile in PROFILES:
            ratios = sorted((ratio, app, best) for n, p, app, ratio, best in verdicts if n == name and p == profile)
            good = sum(ratio <= 1.01 for ratio, *_ in ratios)
            ratio, app, best = ratios[-1]
            print(f"| {name} | {profile} | {good} of {len(ratios)} | {ratios[len(ratios) // 2][0]:.2f} | {ratio:.2f} (`{app}`, {best}) |")
    print()
    print("\n".join(body).rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
