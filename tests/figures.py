"""What `/metrics` says, as figures."""

import re

import aiohttp


async def figures(http: aiohttp.ClientSession, url: str, token: str = "") -> dict[str, float]:
    """All figures by name and labels."""
    async with http.get(f"{url}/metrics", headers={"Authorization": f"Bearer {token}"} if token else {}) as answer:
        assert answer.status == 200
        text = await answer.text()
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def figure(found: dict[str, float], name: str, **labels: str) -> float:
    """One figure; zero where nothing was counted yet."""
    wanted = {f'{label}="{value}"' for label, value in labels.items()}
    return sum(
        value
        for key, value in found.items()
        if key.partition("{")[0] == name and wanted <= set(re.findall(r'\w+="[^"]*"', key))
    )
