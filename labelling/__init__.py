"""The volunteers' web page: claim a document, read it, label it."""
