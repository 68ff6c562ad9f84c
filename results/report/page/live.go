package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"strings"
)

//go:embed live.js
var liveText string

// LiveScript is the script that makes a served page follow its files. It reads the
// version of the page from the meta element "amdahl-live", and asks for "events?have="
// with that version, beside the page.
var LiveScript = plainScript(liveText)

// plainScript drops comment lines, indentation and empty lines.
func plainScript(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

const waitingStyle = `:root{color-scheme:light dark;font:16px/1.5 system-ui,"Liberation Sans",Arial,sans-serif}
body{max-width:44rem;margin:4rem auto;padding:0 1.2rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.9em/1.5 ui-monospace,"Liberation Mono",monospace}
.live-note{opacity:.8;font-size:.9rem}
`

// Waiting is a page that says why there is nothing to show yet, and follows the
// files as a page with results does. version is that of the files.
func Waiting(title, why, version string) []byte {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return fmt.Appendf(nil, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; connect-src 'self'; style-src %s; script-src %s">
<meta name="amdahl-live" content="%s">
<title>%s</title>
<style>%s</style>
</head>
<body>
<main>
<h1>%[4]s</h1>
<p>Nothing to show yet:</p>
<pre>%s</pre>
<p>This page shows results as soon as the files have them.</p>
</main>
<script type="module">%s</script>
</body>
</html>
`, hash(waitingStyle), hash(LiveScript), html.EscapeString(version), html.EscapeString(title), waitingStyle, html.EscapeString(why), LiveScript)
}
