"""What is answered: the wire's names, to the letter of the blueprint, and only what the reader may see.

A view is made from documents by its `of`; nothing else decides which fields leave the server.
"""
