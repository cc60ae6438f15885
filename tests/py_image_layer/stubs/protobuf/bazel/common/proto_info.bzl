"""Nobody asks for the messages of another language here."""

ProtoInfo = provider()
