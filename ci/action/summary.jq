# A report as the Markdown of a job's summary: what to fix first, then how much of each area holds.
# What the target said is shown, never interpreted.
def most: 15;
def row: "| " + (map(tostring) | join(" | ")) + " |";
def count($status): map(select(.status == $status)) | length;
def plural($one; $more): if . == 1 then "\(.) \($one)" else "\(.) \($more)" end;
# What the baseline does not know of a cause.
def new: .holdsUp - .known;

(.causes | map(select(.known == 0 or .known < .holdsUp))) as $causes
| .scenarios as $scenarios
| [
    "## Lavalink conformance: \(.verdict | gsub("_"; " "))\(if .partial and .verdict == "conformant" then " in part" else "" end), \(.judged.percent) % judged",
    "",
    (if .partial then
      "**Partial run: \(.partial.why | @html), \(.partial.scenarios)\(
        if .partial.of then " of \(.partial.of)" else "" end) scenarios.** Nothing is said of the others.", ""
    else empty end),
    "Target \(.target.version | @html), \(.target.time) time, suite \(.suite), \(if .began then "begun \(.began), " else "" end)\(.durationMs / 1000 | round) s\(
      if .complete then "" else "; **the run did not come to its end**" end)",
    "",
    (if ($causes | length) == 0 then empty else
      "### What to fix first: \($causes | length | plural("cause"; "causes")) for \(
        $causes | map(new) | add | plural("scenario"; "scenarios"))",
      ""
    end),
    ($causes[:most][]
      | "<details><summary>\(.failed | length) failed, \(.blocked | length) blocked\(
          if .seen > 0 then ", seen \(.seen) times" else "" end
        ): \(.rule) (\(.level)) \(.headline | @html)</summary><pre>\(
          [.ruleTitle, .difference,
           (.areas | to_entries | map("\(.key) \(.value)") | join(", ")),
           .example.again, .example.curl]
          | map(select(. != null and . != "")) | join("\n") | .[:3000] | @html)</pre></details>"),
    (if ($causes | length) > most then "", "… and \(($causes | length) - most) more: see the report", "" else "" end),
    (["area", "passed", "failed", "blocked", "error", "n/a", "not run", "judged"] | row),
    (["---", "---:", "---:", "---:", "---:", "---:", "---:", "---:"] | row),
    (.judged.areas as $judged | .scenarios | group_by(.area)[]
      | [.[0].area, count("passed"), count("failed"), count("blocked"), count("error"),
         count("not_applicable"), count("not_run"), "\($judged[.[0].area]) %"] | row),
    (["total", (.totals | .passed, .failed, .blocked, .error, .not_applicable, .not_run),
      "\(.judged.percent) %"] | row),
    ($scenarios | map(select(.known != null)) | length
      | if . > 0 then "", "\(. | plural("known failure does"; "known failures do")) not count, as the baseline has them" else empty end)
  ]
| join("\n")
