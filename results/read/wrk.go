package read

import "regexp"

// Wrk is what wrk and wrk2 print at the end of a run.
var Wrk = Format{
	Name:  "wrk",
	Doc:   "summaries of wrk, one after the other or one a file; x is the number of connections, or of threads if only that varies; throughput is Requests/sec",
	Sniff: func(head []byte, _ string) bool { return wrkThreads.Match(head) },
	Read:  readWrk,
}

var (
	wrkTest     = regexp.MustCompile(`Running \S+ test @ (\S+)`)
	wrkThreads  = regexp.MustCompile(`(\d+) threads? and (\d+) connections?`)
	wrkFailed   = regexp.MustCompile(`(Non-2xx or 3xx responses: [1-9]\d*|Socket errors: .*[1-9]\d*)`)
	wrkRequests = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
)

func readWrk(in *input) error {
	s := loadSummary{clients: "connections"}
	r := loadRun{series: "wrk"}
	for {
		line, ok := in.text.next()
		if !ok {
			break
		}
		text := string(uncoloured(line))
		if m := wrkThreads.FindStringSubmatch(text); m != nil {
			threads, _ := parseNumber(m[1], false)
			connections, _ := parseNumber(m[2], false)
			r.threads, r.clients = threads, connections
		}
		if m := wrkTest.FindStringSubmatch(text); m != nil {
			r = loadRun{series: "wrk/" + urlPath(m[1])}
		}
		if f := matchText(wrkFailed, text); f != "" {
			r.failed = f
		}
		if matchText(wrkRequests, text) != "" && r.clients > 0 {
			r.rate, r.line = matchNumber(wrkRequests, text), in.text.number
			s.runs = append(s.runs, r)
			r.clients, r.failed = 0, ""
		}
	}
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	return s.read(in, "wrk")
}

var urlHost = regexp.MustCompile(`^\w+://`)

// urlPath is an address without its scheme, with other signs than slashes in it.
func urlPath(url string) string {
	url = urlHost.ReplaceAllString(url, "")
	b := []byte(url)
	for i, c := range b {
		if c == '/' {
			b[i] = '_'
		}
	}
	return string(b)
}
