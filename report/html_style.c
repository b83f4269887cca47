/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The style of the HTML page. */
#include "html_style.h"

/* No character that HTML would have escaped: the writer escapes it, and browsers do not undo that in a style. */
const char report_html_style[] =
    "body{font:15px/1.45 'DejaVu Sans',Arial,sans-serif;color:#111;max-width:62em;margin:2em auto;padding:0 1em}"
    "h1{font-size:1.7em}h2{border-top:2px solid #444;padding-top:.5em;margin-top:2em}h4{margin:1.6em 0 "
    ".3em;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;margin:.8em 0;width:100%}th,td{border:1px solid #bbb;padding:.25em "
    ".5em;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}th{background:#eee;font-weight:600;overflow-wrap:normal}"
    ".contacts{font-size:.7em}.contacts th,.contacts td{overflow-wrap:normal;padding:.2em .3em}svg.circle "
    "text{font-size:10px}.answer{font-size:1.15em;border-left:6px solid #444;padding:.4em .8em;background:#f4f4f4}"
    ".sum{font-size:1.1em}.note{color:#444;font-size:.88em;margin:.3em 0}.proof{border-left:3px solid "
    "#bbb;padding-left:.9em;margin:1em 0}"
    "pre{margin:.3em 0;white-space:pre-wrap}code{font-family:'DejaVu Sans Mono',monospace;font-size:.88em}"
    "mark{background:#ffd75e;color:#000;outline:1px solid #c90}.xor{width:auto}svg{width:100%;height:auto;border:1px "
    "solid #ddd;margin:.5em 0}"
    "svg.circle{max-width:44em}svg text{font:11px 'DejaVu "
    "Sans',Arial,sans-serif;fill:#222}.tick{fill:#ddd}.overview{fill:#999}"
    "rect.udp{fill:#3b78b5}rect.tcp{fill:#d9822b}line.udp{stroke:#3b78b5}line.tcp{stroke:#d9822b}.burst{fill:#17375e}."
    "alive{fill:#3fa35b}.span{fill:#9bb7d4}rect.zoom{fill:#fdf3d0}line.zoom{stroke:#c9a227}."
    "proof rect,rect.proof{fill:#c00}"
    "circle{fill:#222}dt{font-weight:600;margin-top:.5em}footer{border-top:1px solid "
    "#bbb;margin-top:2em;font-size:.85em}"
    "@page{size:A4;margin:15mm}@media "
    "print{body{margin:0;padding:0;font-size:10pt;max-width:none}section.capture+section.capture{break-before:page}"
    "h2,h3,h4,.sum{break-after:avoid}tr,svg,pre{break-inside:avoid}mark,rect,.answer,th{print-color-adjust:exact;-"
    "webkit-"
    "print-color-adjust:exact}}";
