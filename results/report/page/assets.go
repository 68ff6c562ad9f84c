package page

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

// modules are the files of the script, each after those that it imports from. A
// browser cannot import one inline module from another, so Go joins them; Node
// imports them as they are, for tests. Their names at the top level are unique.
var modules = []string{
	"tail.js", "laws.js", "reduce.js", "fit.js",
	"dom.js", "scale.js", "state.js", "model.js", "figure.js", "handles.js", "lost.js", "timeline.js", "predict.js", "controls.js", "pointing.js", "main.js",
}

// exploreModules are those of the explorer.
var exploreModules = []string{
	"tail.js", "laws.js", "reduce.js", "fit.js",
	"dom.js", "scale.js", "model.js", "sim.js", "parse.js", "plot.js", "explore.js",
}

// MostScript is the most bytes that the script of a page may have.
const MostScript = 60_000

// Script is the script of a page as it stands there: the modules, joined, without
// comments and with short names. It is made once, and may be called concurrently.
var Script = sync.OnceValue(func() string { return small("(()=>{" + join(modules...) + "})()") })

// exploreScript is the script of the explorer, liveScript that of a page that follows
// its files.
var (
	exploreScript = sync.OnceValue(func() string { return small("(()=>{" + join(exploreModules...) + "})()") })
	liveScript    = sync.OnceValue(func() string { return small("(()=>{" + join("live.js") + "})()") })
)

// earlyScript runs before the page is drawn.
var earlyScript = sync.OnceValue(func() string { return small(join("early.js")) })

// small makes a script small.
func small(script string) string {
	var b strings.Builder
	if err := new(js.Minifier).Minify(minify.New(), &b, strings.NewReader(script), nil); err != nil {
		panic("page: " + err.Error()) // it is embedded
	}
	return b.String()
}

// lawLine matches the begin of a law in laws.js.
var lawLine = regexp.MustCompile(`(?m)^  (\w+): \{`)

var knownLaws = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, m := range lawLine.FindAllStringSubmatch(file("laws.js"), -1) {
		known[m[1]] = true
	}
	return known
})

// Knows reports whether the script has the law of that name, in laws.js. A curve of
// another law is on the page as Go has drawn it, and is not under the reader's hands.
func Knows(law string) bool { return knownLaws()[law] }

var (
	importLine = regexp.MustCompile(`(?m)^import .*\n`)
	exportWord = regexp.MustCompile(`(?m)^export `)
)

// join joins modules to one: imports have one line each, exports begin theirs.
func join(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString(exportWord.ReplaceAllString(importLine.ReplaceAllString(file(name), ""), ""))
	}
	return b.String()
}

func file(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic("page: " + err.Error()) // it is embedded
	}
	return string(text)
}

// styleSheet is the whole style of a page: the colours, the sheet, and the classes
// of its drawings.
func styleSheet(p Page, s *Styles) string {
	return sheets(p.Light, p.Dark, p.Colors, "style.css") + s.rules()
}

// sheets are the colours, some style sheets without their comment lines, and the
// colours of causes.
func sheets(light, dark string, colors map[string]string, names ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, ":root{%s}\n@media(prefers-color-scheme:dark){:root{%s}}\n", light, dark)
	for _, name := range names {
		for line := range strings.Lines(file(name)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "/*") {
				b.WriteString(line + "\n")
			}
		}
	}
	for _, cause := range slices.Sorted(maps.Keys(colors)) {
		fmt.Fprintf(&b, ".cause-%s{fill:%s}\n", cause, colors[cause])
	}
	return b.String()
}

// policy is the content security policy of a page: its style and its scripts, by
// their hashes, and nothing else.
func policy(style string, scripts ...string) string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	var hashes []string
	for _, s := range scripts {
		hashes = append(hashes, hash(s))
	}
	return fmt.Sprintf("default-src 'none'; base-uri 'none'; form-action 'none'; style-src %s; script-src %s", hash(style), strings.Join(hashes, " "))
}
