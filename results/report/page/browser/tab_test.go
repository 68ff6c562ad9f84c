package browser

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The one browser of all tests; see [browserContext].
var shared struct {
	sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// errNoBrowser says that there is no Chromium here.
var errNoBrowser = errors.New("no chromium, google-chrome or headless-shell on the path: the page is not tested in a browser: apt-get install --no-install-recommends chromium fonts-liberation fonts-dejavu-core")

func TestMain(m *testing.M) {
	status := m.Run()
	if shared.stop != nil {
		shared.stop()
	}
	os.Exit(status)
}

// browserContext starts the browser, once.
func browserContext() (context.Context, error) {
	shared.Do(func() {
		found := false
		for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
			if _, err := exec.LookPath(name); err == nil {
				found = true
				break
			}
		}
		if !found {
			shared.err = errNoBrowser
			return
		}
		profile, err := os.MkdirTemp("", "amdahl-browser-")
		if err != nil {
			shared.err = err
			return
		}
		alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.DisableGPU,
			chromedp.UserDataDir(profile),
			chromedp.Flag("disable-component-update", true),
			chromedp.Flag("disable-quic", true),
			chromedp.WindowSize(1400, 1000),
		)...)
		ctx, endBrowser := chromedp.NewContext(alloc)
		shared.stop = func() {
			endBrowser()
			endAlloc()
			for range 50 { // its children write there for a moment after it ended
				if os.RemoveAll(profile) == nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}
		shared.ctx, shared.err = ctx, chromedp.Do(ctx)
	})
	return shared.ctx, shared.err
}

// A tab is one tab of the browser. When the test ends, it fails if the tab wrote
// on the console, threw an error, or made a request that was not expected.
type tab struct {
	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	said     []string         // console, exceptions, log entries
	requests []string         // addresses
	allowed  []*regexp.Regexp // what may be said
	expected []string         // beginnings of addresses that may be requested
}

// newTab opens a tab of 1400 × 1000 pixels, or skips the test where there is no
// browser.
func newTab(t testing.TB) *tab {
	t.Helper()
	parent, err := browserContext()
	if errors.Is(err, errNoBrowser) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	b := &tab{t: t}
	ctx, end := chromedp.NewContext(parent, chromedp.WithListener(b.heard), chromedp.WithNewBrowserContext())
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as this context
		end()
		t.Fatalf("opening a tab: %v", err)
	}
	limited, stop := context.WithTimeout(ctx, 2*time.Minute)
	b.ctx = limited
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.check()
		stop()
		end()
	})
	b.viewport(1400, 1000)
	return b
}

// heard takes what the tab says. It runs on the goroutine that reads the events.
func (b *tab) heard(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		text := "console." + string(e.Type) + ":"
		for _, a := range e.Args {
			text += " " + string(a.Value) + a.Description
		}
		b.said = append(b.said, text)
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		b.said = append(b.said, "exception: "+text)
	case *cdlog.EventEntryAdded:
		b.said = append(b.said, fmt.Sprintf("%s: %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// check fails the test for what the tab should not have done, and forgets it.
func (b *tab) check() {
	b.t.Helper()
	for _, p := range b.problems() {
		b.t.Error(p)
	}
}

// problems are what the tab did since the last call and should not have done.
func (b *tab) problems() (all []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.said {
		if !slices.ContainsFunc(b.allowed, func(a *regexp.Regexp) bool { return a.MatchString(s) }) {
			all = append(all, "the page said: "+s)
		}
	}
	for _, r := range b.requests {
		within := strings.HasPrefix(r, "data:") || strings.HasPrefix(r, "blob:") || r == "about:blank"
		if !within && !slices.ContainsFunc(b.expected, func(e string) bool { return strings.HasPrefix(r, e) }) {
			all = append(all, "the page requested "+r)
		}
	}
	b.said, b.requests = nil, nil
	return all
}

// mayAsk expects requests of addresses that begin so.
func (b *tab) mayAsk(prefix string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expected = append(b.expected, prefix)
}

// maySay expects messages that match the pattern.
func (b *tab) maySay(pattern string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowed = append(b.allowed, regexp.MustCompile(pattern))
}

// do runs steps that have no result.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// open goes to an address, which the tab may request.
func (b *tab) open(address string) {
	b.t.Helper()
	plain, _, _ := strings.Cut(address, "#")
	b.mayAsk(plain)
	b.do(chromedp.Navigate(address))
}

// openText writes a page to a file and opens that with the fragment ("#…", or "").
// It returns the address without the fragment.
func (b *tab) openText(html, fragment string) string {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		b.t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: file}).String()
	b.open(address + fragment)
	return address
}

// eval is the value of an expression; of a promise, what it gives.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", short(expression), err)
	}
	return v
}

func short(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}

// wait waits until an expression is true, at most ten seconds.
func (b *tab) wait(expression string) {
	b.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if eval[bool](b, "Boolean("+expression+")") {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("this did not become true: %s", expression)
		}
	}
}

// keys presses keys: characters, or those of package kb.
func (b *tab) keys(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// viewport sets the size of the window in pixels.
func (b *tab) viewport(width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

// media emulates a medium ("", "print") and features such as
// "prefers-color-scheme", "dark", in pairs.
func (b *tab) media(medium string, features ...string) {
	b.t.Helper()
	p := emulation.SetEmulatedMediaParams{Media: medium}
	for i := 0; i+1 < len(features); i += 2 {
		p.Features = append(p.Features, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, p); err != nil {
		b.t.Fatal(err)
	}
}

// picture writes what the tab shows, from the top of the page, to a PNG of that
// name in AMDAHL_SCREENSHOTS, if that is set.
func (b *tab) picture(name string, width, height int64) {
	b.t.Helper()
	dir := os.Getenv("AMDAHL_SCREENSHOTS")
	if dir == "" {
		return
	}
	b.viewport(width, height) // a tall window: a full-page picture changes the width for a moment
	eval[bool](b, "scrollTo(0, 0), true")
	time.Sleep(300 * time.Millisecond)
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// axe fails the test for what axe-core finds in the page. It says once where
// AMDAHL_AXE is not set.
func (b *tab) axe() {
	b.t.Helper()
	file := os.Getenv("AMDAHL_AXE")
	if file == "" {
		noAxe.Do(func() { b.t.Log("AMDAHL_AXE is not set: the page is not checked with axe-core") })
		return
	}
	script, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	// The tools of a browser may run what the policy of the page forbids to the
	// page.
	b.do(chromedp.Evaluate[chromedp.Void](string(script)))
	for _, v := range eval[[]string](b, `axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.map((v) => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 5).map((n) => n.html.slice(0, 150)).join(' | ')))`) {
		b.t.Errorf("axe: %s", v)
	}
}

var noAxe sync.Once

// TestHears holds the silence of a tab against pages that are not silent: a test that
// says that a page is must be able to fail.
func TestHears(t *testing.T) {
	const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'">`
	for _, c := range []struct{ name, head, script, want string }{
		{"log", "", "console.log('hello')", "console.log: \"hello\""},
		{"error", "", "throw new Error('broken')", "exception: Uncaught Error: broken"},
		{"promise", "", "Promise.reject(new Error('broken'))", "exception: Uncaught (in promise) Error: broken"},
		{"request", "", "fetch('http://127.0.0.1:9/x').catch(() => {})", "the page requested http://127.0.0.1:9/x"},
		{"image", "", "document.body.innerHTML = '<img src=http://127.0.0.1:9/y.png>'", "the page requested http://127.0.0.1:9/y.png"},
		{"policy", policy, "document.documentElement.setAttribute('style', 'color: red')", "Content Security Policy"},
		{"silence", policy, "1 + 1", ""},
	} {
		b := newTab(t)
		b.openText("<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>t</title>"+c.head+"</head><body><script>addEventListener('load', () => { "+c.script+" });</script></body></html>", "")
		var all []string
		for end := time.Now().Add(5 * time.Second); c.want != "" && len(all) == 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			all = b.problems()
		}
		time.Sleep(100 * time.Millisecond)
		if got := strings.Join(append(all, b.problems()...), "\n"); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: heard %q, want %q", c.name, got, c.want)
		}
	}
}
