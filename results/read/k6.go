package read

import (
	"fmt"
	"regexp"
)

// K6 is the summary that k6 prints at the end of a run.
var K6 = Format{
	Name:  "k6",
	Doc:   "summaries of k6, one after the other or one a file; x is the largest number of virtual users (vus_max); throughput is http_reqs a second, or iterations where there are none",
	Sniff: func(head []byte, _ string) bool { return k6VUs.Match(head) && k6Iterations.Match(head) },
	Read:  readK6,
}

// K6JSON is the summary that k6 --summary-export writes, and what its
// handleSummary gets.
var K6JSON = Format{
	Name:  "k6 JSON",
	Doc:   "`k6 run --summary-export`, one file for each number of virtual users; x and throughput as in its summary",
	Sniff: func(head []byte, _ string) bool { return jsonHead(head, '{', "metrics", "vus(?:_max)?") },
	Read:  readK6JSON,
}

var (
	k6VUs        = compile(`(?m)^\s*vus(?:_max)?\.*:\s+\d+`)
	k6VUsMax     = regexp.MustCompile(`^\s*vus_max\.*:\s+(\d+)`)
	k6VUsNow     = regexp.MustCompile(`^\s*vus\.*:\s+\d+.*max=(\d+)`)
	k6Iterations = compile(`(?m)^\s*iterations\.*:\s+\d+\s+([\d.]+)/s`)
	k6Requests   = regexp.MustCompile(`^\s*http_reqs\.*:\s+\d+\s+([\d.]+)/s`)
	k6Failed     = regexp.MustCompile(`^\s*(http_req_failed\.*:\s+(?:0*[1-9][\d.]*|0*\.\d*[1-9]\d*|0\.\d*[1-9]\d*)%.*\S)`)
	k6Begin      = regexp.MustCompile(`^\s*(?:execution: local|scenarios: )`)
)

func readK6(in *input) error {
	s := loadSummary{clients: "vus"}
	var vus, max, iterations, requests float64
	line, failed := 0, ""
	flush := func() {
		r := loadRun{series: "k6", clients: max, rate: requests, failed: failed, line: line}
		if r.clients == 0 {
			r.clients = vus
		}
		if r.rate == 0 {
			r.rate = iterations
		}
		if r.clients > 0 && r.rate > 0 {
			s.runs = append(s.runs, r)
		}
		vus, max, iterations, requests, failed = 0, 0, 0, 0, ""
	}
	for {
		b, ok := in.text.next()
		if !ok {
			break
		}
		text := string(uncoloured(b))
		switch {
		case k6Begin.MatchString(text), matchText(k6Requests, text) != "" && requests > 0, matchText(k6VUsMax, text) != "" && max > 0:
			flush()
		}
		if v := matchNumber(k6Requests, text); v > 0 {
			requests, line = v, in.text.number
		}
		if v := matchNumber(k6Iterations, text); v > 0 {
			iterations, line = v, in.text.number
		}
		if f := matchText(k6Failed, text); f != "" {
			failed = f
		}
		if v := matchNumber(k6VUsMax, text); v > 0 {
			max = v
		}
		if v := matchNumber(k6VUsNow, text); v > 0 {
			vus = v
		}
	}
	flush()
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	return s.read(in, "k6")
}

func readK6JSON(in *input) error {
	type metric struct {
		Rate   float64 `json:"rate"`
		Value  float64 `json:"value"`
		Max    float64 `json:"max"`
		Values struct {
			Rate  float64 `json:"rate"`
			Value float64 `json:"value"`
			Max   float64 `json:"max"`
		} `json:"values"`
	}
	var doc struct {
		Metrics map[string]metric `json:"metrics"`
	}
	if _, err := readJSON(in, "k6", &doc, "metrics"); err != nil {
		return err
	}
	level := func(name string) float64 {
		m := doc.Metrics[name]
		return max(m.Max, m.Values.Max, m.Value, m.Values.Value)
	}
	rate := func(name string) float64 { return max(doc.Metrics[name].Rate, doc.Metrics[name].Values.Rate) }
	r := loadRun{series: "k6", clients: level("vus_max"), rate: rate("http_reqs"), line: 1}
	if r.clients == 0 {
		r.clients = level("vus")
	}
	if r.rate == 0 {
		r.rate = rate("iterations")
	}
	if r.clients == 0 || r.rate == 0 {
		return fmt.Errorf("%w in %s: the metrics vus_max, and http_reqs or iterations, of k6 --summary-export are needed", ErrNothing, in.name)
	}
	s := loadSummary{clients: "vus", runs: []loadRun{r}}
	return s.read(in, "k6")
}
