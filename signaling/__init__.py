"""Who is live where, and how live peers reach each other. Imports nothing of ours; knows no database."""
