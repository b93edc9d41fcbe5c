"""What people and programs read of a change set: a few lines of text, and one JSON document.

Words come first and cells last; many findings of one kind are one line; what is right is not
mentioned. The JSON has stable keys and ISO dates, since other programs rely on it.
"""
