"""The console's stylesheet: one column on a narrow window, dark where the person prefers it."""

STYLE = """
:root { color-scheme: light dark; --back: #fff; --ink: #1b1b1b; --soft: #595959; --line: #767676; --link: #0b4f9e;
  --panel: #f3f5f8; --act: #0b4f9e; --act-ink: #fff; --good: #e2f3e5; --bad: #fbe3e3 }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171a; --ink: #ececec; --soft: #b4b4b4; --line: #8a8f96; --link: #8fc1ff; --panel: #1f242a;
    --act: #8fc1ff; --act-ink: #10151b; --good: #17351e; --bad: #451c1c } }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.45 system-ui, sans-serif; background: var(--back); color: var(--ink) }
a { color: var(--link) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -99em } .skip:focus { position: static }
header { background: var(--panel); border-bottom: 1px solid var(--line); padding: .4rem 1rem }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; margin: 0; padding: 0 }
nav a { display: inline-block; padding: .3rem 0 } [aria-current] { font-weight: 700 }
main { padding: .5rem 1rem 3rem; max-width: 100rem; margin: auto }
h1 { font-size: 1.5rem; margin: .6rem 0; overflow-wrap: anywhere }
h2 { font-size: 1.15rem; margin: 1.4rem 0 .4rem } h3 { font-size: 1rem; margin: 1rem 0 .2rem }
.sides { display: grid; gap: 0 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)) }
.sides > *, form { min-width: 0 }
.wide { overflow-x: auto; margin: .5rem 0 1rem }
table { border-collapse: collapse; min-width: 100% }
caption { text-align: left; font-weight: 600; padding: .2rem 0 }
th, td { text-align: left; vertical-align: top; padding: .25rem .7rem .25rem 0;
  border-bottom: 1px solid var(--line) }
th { color: var(--soft); font-weight: 600 } td { overflow-wrap: break-word; max-width: 24rem }
time { white-space: nowrap; font-variant-numeric: tabular-nums }
.empty, small { color: var(--soft) }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .15rem 1rem; margin: .5rem 0 }
dt { color: var(--soft); overflow-wrap: anywhere } dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr } dd { margin-bottom: .4rem } }
pre { background: var(--panel); padding: .8rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
form { margin: .6rem 0 } label { display: block; margin: .5rem 0 }
label > span { display: block; color: var(--soft) }
label.tick > * { display: inline; width: auto; color: inherit }
input, select, textarea, button { font: inherit; color: inherit; max-width: 100% }
input:not([type=checkbox]), select, textarea { width: 100%; padding: .4rem; background: var(--back);
  border: 1px solid var(--line); border-radius: .3rem }
form#send, form.block { max-width: 46rem }
button { background: var(--act); color: var(--act-ink); border: 1px solid var(--act); border-radius: .3rem;
  padding: .45rem 1rem; cursor: pointer; margin: .2rem .4rem .2rem 0 }
.row { display: flex; flex-wrap: wrap; gap: 0 .8rem; align-items: end } .row > label { flex: 1 1 9rem }
.acts { display: grid; gap: .2rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)) }
[role=status], [role=alert] { padding: .6rem .9rem; border-radius: .3rem; background: var(--good);
  border: 1px solid var(--line) }
[role=alert] { background: var(--bad) }
.tag { border: 1px solid var(--line); border-radius: .8rem; padding: 0 .5rem; white-space: nowrap }
"""
