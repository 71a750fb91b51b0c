"""The table of results in Markdown."""

# From this many bits on a peer counts as one of eight bits, and ours has to be three times better instead of twice.
EIGHT_BITS = 8.25


def add_ratios(results):
    """Adds to each peer how many times our best divergence at the same or fewer bits goes into its own."""
    ours = [result for result in results if result["side"] == "ours"]
    for result in results:
        if result["side"] == "ours":
            continue
        for field, allowed in (("ratio", (True, False)), ("dataFreeRatio", (False,))):
            able = [
                one["kldMean"] for one in ours
                if one["storedBits"] <= result["storedBits"] and one["calibrated"] in allowed
            ]
            result[field] = result["kldMean"] / min(able) if able else None


def table(results):
    """One row for each result, in their order."""
    lines = [
        "| method | calibrated | bits | mean KL | ± | p99 | top-1 | perplexity | SQNR | peer / ours | data-free |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for result in results:
        name = f"**{result['label']}**" if result["side"] == "ours" else result["label"]
        cells = [
            name,
            "yes" if result["calibrated"] else "no",
            f"{result['storedBits']:.3f}",
            f"{result['kldMean']:.5f}",
            f"{result['kldStandardError']:.5f}",
            f"{result['kldP99']:.3f}",
            f"{result['top1AgreementPercent']:.1f} %",
            f"{result['perplexityRatio']:.3f}",
            noise(result),
            ratio(result, "ratio"),
            ratio(result, "dataFreeRatio"),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", EXPLANATION, "", *summary(results)]
    if any("runtime" in result for result in results):
        lines += ["", *runtime_table(results)]
    return "\n".join(lines) + "\n"


EXPLANATION = """\
Bits are those that a weight of the linear matrices takes on disk, scales and zero points in; embedding and head are as
in the reference. KL is in nats, with its standard error. Perplexity is the candidate's over the reference's. "peer /
ours" is the peer's divergence over the least of ours at the same or fewer bits, "data-free" the same with only those of
ours that looked at no text; a dash where none of ours is that small. "(!)" marks a ratio below 2, or below 3 for peers
of eight bits; that of calibrated peers with data-free ones of ours is for information."""


def summary(results):
    """The peers that come closest to ours, by kind."""
    peers = [result for result in results if result["side"] == "peers"]
    kinds = (
        ("data-free peers below eight bits, data-free ours", False, False, "dataFreeRatio"),
        ("calibrated peers below eight bits", True, False, "ratio"),
        ("peers of eight bits, data-free ours", None, True, "dataFreeRatio"),
        ("peers of eight bits", None, True, "ratio"),
    )
    yield "| peer / ours | compared | smaller than all of ours | least ratio | there |"
    yield "|---|---:|---:|---:|---|"
    for name, calibrated, eight, field in kinds:
        chosen = [
            peer for peer in peers
            if calibrated in (None, peer["calibrated"]) and (peer["storedBits"] >= EIGHT_BITS) == eight
        ]
        able = sorted((peer for peer in chosen if peer[field] is not None), key=lambda peer: peer[field])
        if able:
            place = f"{able[0]['label']}, {able[0]['storedBits']:.3f} bits"
            yield f"| {name} | {len(able)} | {len(chosen) - len(able)} | {able[0][field]:.2f} | {place} |"


def noise(result):
    value = result.get("sqnrDecibels")
    return "-" if value is None else f"{value:.1f} dB"


def ratio(result, field):
    value = result.get(field)
    if value is None:
        return "" if result["side"] == "ours" else "-"
    # A peer that looked at text is compared for information only with those of ours that looked at none.
    is_judged = field == "ratio" or not result["calibrated"]
    mark = " (!)" if is_judged and value < (3 if result["storedBits"] >= EIGHT_BITS else 2) else ""
    return f"{value:.2f}{mark}"


def runtime_table(results):
    """The program's own divergences beside those of PyTorch."""
    yield "| the same positions, read by | fusion-convert | PyTorch | ratio |"
    yield "|---|---:|---:|---:|"
    for result in results:
        if "runtime" in result:
            measured = result["runtime"]
            yield (
                f"| {result['label']} | {measured['kldMean']:.6f} | {measured['harnessKldMean']:.6f} "
                f"| {measured['ratio']:.4f} |"
            )
