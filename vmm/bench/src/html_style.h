/* SPDX-License-Identifier: Apache-2.0 */
/* How the report looks, by day and by night. */
#ifndef BENCH_HTML_STYLE_H
#define BENCH_HTML_STYLE_H

#define HTML_STYLE                                                             \
    ":root{color-scheme:light dark;--back:#fff;--text:#1c2128;--soft:#59636e;" \
    "--line:#d1d9e0;--ambit:#2563c9;--linux:#c2790c}\n"                        \
    "@media(prefers-color-scheme:dark){:root{--back:#14181d;--text:#e3e8ee;"   \
    "--soft:#9aa6b2;--line:#363f49;--ambit:#6ea3f7;--linux:#e0a44a}}\n"        \
    "body{font:15px/1.5 system-ui,sans-serif;background:var(--back);"          \
    "color:var(--text);max-width:1100px;margin:2rem auto;padding:0 1rem}\n"    \
    "h1{font-size:1.6rem;margin-bottom:.2rem}h2{margin-top:2.5rem;"            \
    "border-bottom:1px solid var(--line)}h3{font-size:1rem;margin-bottom:0}\n" \
    "p.soft,footer,summary{color:var(--soft)}\n"                               \
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem}\n" \
    "td,th{padding:.15rem .6rem .15rem 0;text-align:left;"                     \
    "border-bottom:1px solid var(--line);vertical-align:top}\n"                \
    ".number{text-align:right;font-variant-numeric:tabular-nums}\n"            \
    "svg{width:100%;min-width:720px;height:auto;display:block}\n"              \
    "svg text{font-size:12px;fill:var(--text)}\n"                              \
    "svg .label{text-anchor:end}svg .subject{font-weight:600}\n"               \
    "svg .tick{text-anchor:middle;fill:var(--soft);font-size:11px}\n"          \
    "svg .grid{stroke:var(--line)}svg .median{font-weight:600}\n"              \
    "svg .spread,svg .blank{fill:var(--soft)}svg .blank{font-style:italic}\n"  \
    "svg .ambit{fill:var(--ambit)}svg .linux{fill:var(--linux)}\n"             \
    "svg .whisker{stroke:var(--text);stroke-width:1.2;fill:none}\n"            \
    ".key{display:inline-block;width:.9em;height:.9em;margin:0 .3em 0 1em;"    \
    "vertical-align:-.1em}.key.ambit{background:var(--ambit)}"                 \
    ".key.linux{background:var(--linux)}\n"                                    \
    "code{font-size:.9em;overflow-wrap:anywhere}\n"

#endif
