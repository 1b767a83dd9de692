"""What the pages of the documentation have around them that are made from text."""

FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>SkillNet: {title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/docs.css">
</head>
<body>
<main>
<p><a href="/docs/">Documentation</a></p>
<h1>{heading}</h1>
{body}
</main>
</body>
</html>
"""


def framed(title: str, body: str) -> str:
    """A whole page."""
    return FRAME.format(title=title, heading=title.capitalize(), body=body)
