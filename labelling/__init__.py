"""The volunteers' web page: claim a document, read it, label it.

Routes and what templates need; who holds what and what a label is are `resources.labels`, who may come in is
`resources.volunteers`.
"""
