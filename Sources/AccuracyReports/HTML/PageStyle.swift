/// The style of the page. Colours are those of Okabe and Ito, which people who cannot tell red from green tell apart,
/// a little lighter on a dark ground.
enum PageStyle {
  static var markup: Markup { Markup(trusted: text) }

  private static let text: StaticString = """

    :root {
      color-scheme: light dark;
      --page: #f6f7f9; --paper: #ffffff; --ink: #1b1f24; --soft: #59636e; --line: #d9dee4; --wash: #eef1f4;
      --blue: #0072b2; --orange: #c77c00; --green: #007a5a; --purple: #a8588a; --sky: #3a93c8; --red: #c04a00;
      --good: #00694d; --warn: #8a5600; --poor: #b23c00;
      --good-wash: #e3f3ee; --warn-wash: #fbf0dc; --poor-wash: #fbe9e0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #111418; --paper: #191d23; --ink: #e4e8ed; --soft: #9aa5b1; --line: #303740; --wash: #222831;
        --blue: #4ba3e0; --orange: #e8a735; --green: #2fb98f; --purple: #d591bd; --sky: #7cc6f0; --red: #f0803c;
        --good: #4cc9a0; --warn: #eab04a; --poor: #ff9258;
        --good-wash: #15302a; --warn-wash: #332812; --poor-wash: #3a2218;
      }
    }
    * { box-sizing: border-box; }
    html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
    @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
    body {
      margin: 0; background: var(--page); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
      font-variant-numeric: tabular-nums;
    }
    .inner, main, footer { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
    header { background: var(--paper); border-bottom: 1px solid var(--line); padding: 22px 0 0; }
    h1 { margin: 0; font-size: 0.8rem; font-weight: 600; letter-spacing: 0.08em; text-transform: uppercase;
      color: var(--soft); }
    .models { margin: 2px 0 14px; font-size: 1.3rem; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
    .models .against { color: var(--soft); font-weight: 400; font-size: 1rem; margin: 0 0.5em; }
    nav { display: flex; flex-wrap: wrap; gap: 0 20px; }
    nav a { color: var(--soft); text-decoration: none; padding: 6px 0 8px; border-bottom: 2px solid transparent; }
    nav a:hover, nav a:focus-visible { color: var(--ink); border-color: var(--blue); }
    section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 20px 24px 22px;
      margin: 18px 0; min-width: 0; }
    h2 { font-size: 1.15rem; margin: 0 0 10px; line-height: 1.3; }
    h3 { font-size: 1rem; margin: 22px 0 8px; }
    p { margin: 0 0 10px; max-width: 80ch; }
    .remark, caption, figcaption, footer { color: var(--soft); }
    code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: 0.88em; overflow-wrap: anywhere; }
    code { background: var(--wash); padding: 0.1em 0.35em; border-radius: 4px; }
    pre { background: var(--wash); padding: 12px 14px; border-radius: 8px; overflow-x: auto; white-space: pre-wrap; }
    footer { padding-top: 4px; padding-bottom: 32px; font-size: 0.87rem; }

    .grade { border-left: 5px solid var(--soft); background: var(--wash); border-radius: 0 8px 8px 0;
      padding: 14px 18px 6px; }
    .grade h2 { font-size: 1.45rem; margin-bottom: 4px; }
    .grade code { background: rgb(128 128 128 / 0.16); }
    .grade .mark { margin-right: 0.4em; }
    .grade.identical, .grade.near-lossless { border-color: var(--good); background: var(--good-wash); }
    .grade.identical h2, .grade.near-lossless h2 { color: var(--good); }
    .grade.good { border-color: var(--warn); background: var(--warn-wash); }
    .grade.good h2 { color: var(--warn); }
    .grade.degraded, .grade.broken { border-color: var(--poor); background: var(--poor-wash); }
    .grade.degraded h2, .grade.broken h2 { color: var(--poor); }
    .figures { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 1px;
      padding: 0; margin: 16px 0 14px; background: var(--line); border: 1px solid var(--line); border-radius: 8px;
      overflow: hidden; }
    .figures li { background: var(--paper); padding: 12px 14px; display: flex; flex-direction: column; }
    .figures .label { color: var(--soft); font-size: 0.85rem; }
    .figures .value { font-size: 1.55rem; font-weight: 600; line-height: 1.3; }
    .figures .note { color: var(--soft); font-size: 0.83rem; }

    .columns { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 470px), 1fr)); gap: 22px;
      align-items: start; }
    .scroll { overflow: auto; min-width: 0; margin: 4px 0 12px; border-radius: 6px; }
    .scroll.tall { max-height: 78vh; border: 1px solid var(--line); }
    .scroll:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, summary:focus-visible {
      outline: 2px solid var(--blue); outline-offset: 1px; }
    table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.9rem; }
    .sortable th, .sortable td { padding-left: 9px; padding-right: 9px; }
    caption { text-align: left; padding: 2px 0 6px; font-size: 0.9rem; caption-side: top; }
    .scroll.tall caption { padding: 8px 10px; }
    th, td { text-align: left; padding: 5px 11px; border-bottom: 1px solid var(--line); vertical-align: top; }
    thead th { color: var(--soft); font-weight: 600; font-size: 0.84rem; white-space: nowrap; vertical-align: bottom; }
    tbody th { font-weight: 500; overflow-wrap: break-word; }
    .compact { width: auto; min-width: min(100%, 26em); }
    .interval { display: block; color: var(--soft); font-size: 0.86em; }
    .compact th:first-child, .compact td:first-child { padding-left: 3px; }
    tbody tr:last-child > * { border-bottom: 0; }
    tbody tr:hover > * { background-color: var(--wash); }
    .num { text-align: right; white-space: nowrap; }
    tr.failed > * { color: var(--poor); font-weight: 600; }
    tr.passed th { color: var(--good); }
    tr.skipped > * { color: var(--soft); }
    strong.passed { color: var(--good); }
    strong.failed { color: var(--poor); }

    .sortable thead th { position: sticky; top: 0; background: var(--paper); z-index: 2; }
    .sortable tbody th { position: sticky; left: 0; background: var(--paper); z-index: 1; min-width: 23em;
      overflow-wrap: break-word; font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: 0.83rem; }
    .sortable thead th:first-child { left: 0; z-index: 3; }
    .sortable .shape { white-space: nowrap; }
    .sortable button { all: unset; cursor: pointer; display: inline-block; box-sizing: border-box; }
    .sortable th.num button { text-align: right; }
    .sortable button:focus-visible { outline: 2px solid var(--blue); }
    .sortable button::after { content: "\\2195"; opacity: 0.35; padding-left: 0.3em; }
    .sortable [aria-sort="ascending"] button::after { content: "\\2191"; opacity: 1; color: var(--blue); }
    .sortable [aria-sort="descending"] button::after { content: "\\2193"; opacity: 1; color: var(--blue); }
    .sortable tr.exact > td { color: var(--soft); }
    .sortable .bar { background-image: linear-gradient(var(--orange), var(--orange)); background-repeat: no-repeat;
      background-size: var(--share) 3px; background-position: 0 100%; }
    .controls { display: flex; flex-wrap: wrap; gap: 8px 18px; align-items: center; margin: 12px 0 8px; }
    .controls[hidden] { display: none; }
    .controls label { color: var(--soft); font-size: 0.9rem; }
    .controls output { color: var(--soft); font-size: 0.9rem; margin-left: auto; }
    input[type="search"], select { font: inherit; color: var(--ink); background: var(--paper); padding: 4px 8px;
      border: 1px solid var(--line); border-radius: 6px; max-width: 100%; }
    summary { cursor: pointer; color: var(--soft); }

    figure { margin: 6px 0 10px; min-width: 0; }
    figcaption { font-size: 0.9rem; padding-bottom: 4px; }
    .wide { overflow-x: auto; }
    svg { display: block; width: 100%; height: auto; }
    .wide svg { min-width: 720px; }
    svg text { font-size: 12px; fill: var(--soft); }
    svg text.name { fill: var(--ink); font-size: 11.5px; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
    .grid { stroke: var(--line); stroke-width: 1; }
    .base { stroke: var(--soft); stroke-width: 1; }
    .s0 { --tone: var(--blue); } .s1 { --tone: var(--orange); } .s2 { --tone: var(--green); }
    .s3 { --tone: var(--purple); } .lone { --tone: var(--soft); }
    .p0 { --tone: var(--blue); } .p1 { --tone: var(--purple); } .p2 { --tone: var(--green); }
    .p3 { --tone: var(--orange); } .p4 { --tone: var(--sky); } .p5 { --tone: var(--red); }
    rect, circle, polygon { fill: var(--tone); }
    .path { fill: none; stroke: var(--tone); stroke-width: 2; stroke-linejoin: round; }
    .own { stroke: var(--tone); stroke-width: 5; stroke-opacity: 0.28; }
    .mark { fill-opacity: 0.78; stroke: var(--paper); stroke-width: 0.8; }
    .flagged { fill: var(--red); stroke: var(--ink); stroke-width: 1.5; }

    .answers { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 14px; }
    .answers + .remark { margin-top: 12px; }
    article { display: flex; gap: 14px; border: 1px solid var(--line); border-radius: 8px; padding: 12px; min-width: 0;
      align-items: flex-start; content-visibility: auto; contain-intrinsic-size: auto 170px; }
    article[hidden], tr[hidden] { display: none; }
    article > div { min-width: 0; flex: 1; }
    article img { width: 112px; max-height: 180px; object-fit: contain; border-radius: 6px; background: var(--wash);
      flex: none; }
    .tags { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; font-size: 0.8rem;
      color: var(--soft); margin-bottom: 4px; }
    .tags > * { overflow-wrap: anywhere; }
    .tag { border-radius: 4px; padding: 0 6px; background: var(--wash); font-weight: 600; }
    .tag.reference { background: var(--poor-wash); color: var(--poor); }
    .tag.candidate { background: var(--good-wash); color: var(--good); }
    .question { margin-bottom: 6px; font-size: 0.93rem; overflow-wrap: anywhere; }
    article dl { margin: 0; font-size: 0.9rem; }
    article dl > div { display: flex; gap: 8px; }
    dt { color: var(--soft); }
    article dt { flex: 0 0 5.2em; }
    dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
    dd.yes::after { content: " \\2713"; color: var(--good); font-weight: 700; }
    dd.no::after { content: " \\2715"; color: var(--poor); font-weight: 700; }
    .terms { margin: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr));
      gap: 10px 26px; }
    .terms dt { color: var(--ink); font-weight: 600; font-size: 0.92rem; }
    .terms dd { color: var(--soft); font-size: 0.9rem; }
    #next ul { margin: 0; padding-left: 1.2em; }

    @media (max-width: 640px) {
      .inner, main, footer { padding-left: 12px; padding-right: 12px; }
      section { padding: 16px 14px; border-radius: 8px; }
      .figures { grid-template-columns: 1fr 1fr; }
      .models { font-size: 1.1rem; }
      .sortable tbody th { min-width: 12em; }
      th, td { padding-left: 7px; padding-right: 7px; }
      table { font-size: 0.85rem; }
      svg text { font-size: 14px; }
    }
    @media print {
      :root { --page: #fff; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --wash: #f2f2f2; }
      body { font-size: 10pt; }
      nav, .controls { display: none; }
      section { border: 0; padding: 0; margin: 14pt 0; break-inside: auto; }
      figure, article, tr, .figures { break-inside: avoid; }
      .scroll, .scroll.tall { overflow: visible; max-height: none; border: 0; }
      .sortable { font-size: 6.5pt; }
      .sortable th, .sortable td { padding: 2pt 3pt; position: static !important; white-space: normal !important; }
      .sortable tbody th { min-width: 0; }
      article { content-visibility: visible; }
    }

    """
}
