# A report as the Markdown of a job's summary. What the target said is shown, never interpreted.
def most: 50;
def count($status): map(select(.status == $status)) | length;
def row: "| " + (map(tostring) | join(" | ")) + " |";

(.scenarios | map(select(.status == "failed" or .status == "error") | select(.known == null))) as $bad
| [
    "## Lavalink conformance: \(.verdict | gsub("_"; " "))",
    "",
    "Target \(.target.version | @html), \(.target.time) time, suite \(.suite), \(.durationMs / 1000 | round) s",
    "",
    (["area", "level", "passed", "failed", "error", "n/a", "not run"] | row),
    (["---", "---", "---:", "---:", "---:", "---:", "---:"] | row),
    (.scenarios | group_by([.area, .level])[]
      | [.[0].area, .[0].level, count("passed"), count("failed"), count("error"),
         count("not_applicable"), count("not_run")] | row),
    (.totals | ["total", "", .passed, .failed, .error, .not_applicable, .not_run] | row),
    "",
    ($bad[:most][]
      | "<details><summary>\(.status) \(.id | @html) \(.title | @html)</summary><pre>\(
          .attempts[-1] | [.step, .message, .difference[]?] | map(select(. != null) | tostring)
          | join("\n") | .[:2000] | @html)</pre></details>"),
    (if ($bad | length) > most then "", "… and \(($bad | length) - most) more: see the report" else empty end)
  ]
| join("\n")
