package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
)

// An Explorer is a page without data: laws under the reader's hands, simulated tasks,
// and a place for the reader's own numbers.
type Explorer struct {
	Light, Dark string            // as in [Page]
	Colors      map[string]string // of causes
	Laws        map[string]Law    // what the script shows
	Terms       []Term            // the laws in words
}

// MostRead is the most bytes of text that the explorer reads.
const MostRead = 100 << 10

var exploreTemplate = template.Must(template.ParseFS(files, "explore.html"))

// WriteExplorer writes the page.
func WriteExplorer(w io.Writer, e Explorer) error {
	laws, err := json.Marshal(e.Laws) // it escapes <, > and &
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	style := sheets(e.Light, e.Dark, e.Colors, "style.css", "explore.css")
	view := struct {
		Explorer
		Policy              string
		KB                  int
		Style, JSON, Script template.HTML
	}{
		Explorer: e,
		Policy:   policy(style, exploreScript()),
		KB:       MostRead >> 10,
		Style:    template.HTML("<style>" + style + "</style>"),
		JSON:     template.HTML(`<script type="application/json" id="laws">` + string(laws) + "</script>"),
		Script:   template.HTML(`<script type="module">` + exploreScript() + "</script>"),
	}
	var out bytes.Buffer
	if err := exploreTemplate.Execute(&out, view); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("page: writing it: %w", err)
	}
	return nil
}
