package page

import (
	"fmt"
	"html"
)

// livePolicy is the policy of a page that follows its files: it may also connect to
// where it came from.
func livePolicy(style string, scripts ...string) string {
	return policy(style, append(scripts, liveScript())...) + "; connect-src 'self'"
}

// Waiting is a page that says why there is nothing to show yet, and follows the files
// as one with [Page.Live] does. version is that of the files: the page asks for
// "events?have=" with it, beside itself, and hears there when there is another one.
func Waiting(title, why, version string) []byte {
	style := sheets("", "", nil, "waiting.css")
	return fmt.Appendf(nil, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="amdahl-live" content="%s">
<title>%s</title>
<style>%s</style>
</head>
<body>
<main>
<h1>%[3]s</h1>
<p>Nothing to show yet:</p>
<pre>%[5]s</pre>
<p>This page shows results as soon as the files have them.</p>
</main>
<script type="module">%[6]s</script>
</body>
</html>
`, html.EscapeString(livePolicy(style)), html.EscapeString(version), html.EscapeString(title), style, html.EscapeString(why), liveScript())
}
