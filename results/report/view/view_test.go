package view

import (
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func TestPage(t *testing.T) {
	v := start(t, "one\n")
	resp, body := v.request("GET", v.URL(), nil)
	if body != "version 1: one\n" || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Errorf("got %q of type %s", body, resp.Header.Get("Content-Type"))
	}
	for key, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin", "Content-Security-Policy": "frame-ancestors 'none'",
	} {
		if got := resp.Header.Get(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	if v.get(); v.pages.Load() != 1 {
		t.Errorf("the page was made %d times for one state of the file", v.pages.Load())
	}
	if resp, body := v.request("HEAD", v.URL(), nil); resp.StatusCode != 200 || body != "" {
		t.Errorf("HEAD: %d %q", resp.StatusCode, body)
	}
	if host, _, _ := net.SplitHostPort(v.host); host != "127.0.0.1" {
		t.Errorf("it listens on %s", host)
	}
	if len(v.token) < 26 {
		t.Errorf("the token %q is shorter than 128 bits", v.token)
	}
	if w := start(t, "x\n"); w.token == v.token {
		t.Error("two servers have one token")
	}
}

// Whoever does not come from a page of this server gets nothing, and no reason.
func TestRefused(t *testing.T) {
	v := start(t, "secret\n")
	root := "http://" + v.host
	header := func(key string, values ...string) func(*http.Request) {
		return func(r *http.Request) {
			for _, x := range values {
				r.Header.Add(key, x)
			}
		}
	}
	host := func(h string) func(*http.Request) { return func(r *http.Request) { r.Host = h } }
	_, port, _ := net.SplitHostPort(v.host)
	for _, c := range []struct {
		name, method, url string
		change            func(*http.Request)
		status            int
	}{
		{"root", "GET", root + "/", nil, 404},
		{"no slash", "GET", root + "/" + v.token, nil, 404},
		{"another token", "GET", root + "/" + strings.Repeat("A", len(v.token)) + "/", nil, 404},
		{"a part of the token", "GET", root + "/" + v.token[:10] + "/", nil, 404},
		{"token in lower case", "GET", root + "/" + strings.ToLower(v.token) + "/", nil, 404},
		{"another path", "GET", v.URL() + "results.txt", nil, 404},
		{"a path out", "GET", v.URL() + "../../etc/passwd", nil, 404},
		{"an encoded path out", "GET", v.URL() + "%2e%2e%2f%2e%2e%2fetc%2fpasswd", nil, 404},
		{"events of nothing", "GET", v.URL() + "events", nil, 404},
		{"events of nonsense", "GET", v.URL() + "events?have=-1", nil, 404},
		{"events with HEAD", "HEAD", v.URL() + "events?have=1", nil, 404},
		{"a name for the address", "GET", v.URL(), host("localhost:" + port), 403},
		{"a name of others", "GET", v.URL(), host("evil.example:" + port), 403},
		{"a name of others without a port", "GET", v.URL(), host("evil.example"), 403},
		{"another port", "GET", v.URL(), host("127.0.0.1:1"), 403},
		{"events for another name", "GET", v.URL() + "events?have=1", host("evil.example:" + port), 403},
		{"another site", "GET", v.URL(), header("Origin", "http://evil.example"), 403},
		{"no site", "GET", v.URL(), header("Origin", "null"), 403},
		{"the same by https", "GET", v.URL(), header("Origin", "https://"+v.host), 403},
		{"two sites", "GET", v.URL(), header("Origin", root, "http://evil.example"), 403},
		{"events for another site", "GET", v.URL() + "events?have=1", header("Origin", "http://evil.example"), 403},
		{"POST", "POST", v.URL(), nil, 403},
		{"DELETE", "DELETE", v.URL(), nil, 403},
		{"OPTIONS", "OPTIONS", v.URL(), header("Origin", "http://evil.example"), 403},
	} {
		resp, body := v.request(c.method, c.url, c.change)
		if resp.StatusCode != c.status || body != "" || resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: status %d, body %q, want %d and nothing", c.name, resp.StatusCode, body, c.status)
		}
	}
	if v.pages.Load() != 0 {
		t.Errorf("a page was made for a request that was refused")
	}
	if resp, _ := v.request("GET", v.URL(), header("Origin", root)); resp.StatusCode != 200 {
		t.Errorf("a request of the page itself: %d", resp.StatusCode)
	}
}

// A file that grows, in lines and in parts of lines, that shrinks, that is replaced
// and that goes.
func TestFollows(t *testing.T) {
	v := start(t, "one\n")
	if got := v.get(); got != "version 1: one\n" {
		t.Fatalf("got %q", got)
	}
	s := v.hear("1")
	next := func(what, want string) {
		t.Helper()
		if e := s.event(); e != "changed" {
			t.Fatalf("%s: event %q", what, e)
		}
		end := time.Now().Add(patience)
		for {
			_, text, _ := strings.Cut(v.get(), ": ")
			if text == want {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%s: got %q, want %q", what, text, want)
			}
			time.Sleep(time.Millisecond)
		}
	}
	v.append("two\nthr")
	next("half a line", "one\ntwo\n")
	v.append("ee\n")
	next("the other half", "one\ntwo\nthree\n")
	v.write("short\n")
	next("shrunk", "short\n")
	other := v.file + ".new"
	if err := os.WriteFile(other, []byte("other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, v.file); err != nil {
		t.Fatal(err)
	}
	next("replaced", "other\n")
	if err := os.Remove(v.file); err != nil {
		t.Fatal(err)
	}
	if e := s.event(); e != "changed" {
		t.Fatalf("removed: event %q", e)
	}
	// The event may be an earlier one: writing a file anew can be seen as two changes.
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		got := v.get()
		if strings.Contains(got, "Nothing to show yet") && strings.Contains(got, "no such file") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("removed: got %q", got)
		}
	}
	v.write("again\n")
	next("there again", "again\n")
}

// A page that has an old version hears so at once; a page is not made while nobody
// asks for it.
func TestLate(t *testing.T) {
	v := start(t, "one\n")
	for range 5 {
		v.append("more\n")
		time.Sleep(3 * time.Millisecond)
	}
	if n := v.pages.Load(); n != 0 {
		t.Errorf("%d pages were made for nobody", n)
	}
	if e := v.hear("0").event(); e != "changed" {
		t.Errorf("event %q", e)
	}
}

// What cannot be shown is said, as text.
func TestNothing(t *testing.T) {
	v := start(t, "")
	got := v.get()
	if !strings.Contains(got, "Nothing to show yet") || !strings.Contains(got, "a &lt;title&gt;") || !strings.Contains(got, `<meta name="amdahl-live" content="`) {
		t.Errorf("got %q", got)
	}
	v.write("bad\n")
	for end := time.Now().Add(patience); !strings.Contains(got, "the file is &lt;bad&gt;"); got = v.get() {
		if time.Now().After(end) {
			t.Fatalf("got %q", got)
		}
		time.Sleep(time.Millisecond)
	}
}

// The end is told to every page, and takes the port and the streams with it.
func TestEnds(t *testing.T) {
	v := start(t, "one\n")
	a, b := v.hear("1"), v.hear("1")
	if err := v.end(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*stream{a, b} {
		if e := s.event(); e != "end" {
			t.Errorf("event %q, want end", e)
		}
		if e := s.event(); e != "" {
			t.Errorf("event %q after the end", e)
		}
	}
	if c, err := net.Dial("tcp", v.host); err == nil {
		c.Close()
		t.Error("the port is still open")
	}
}

// At most so many pages follow, so that nothing can take all descriptors.
func TestFull(t *testing.T) {
	v := start(t, "one\n")
	v.mu.Lock()
	v.streams = mostStreams
	v.mu.Unlock()
	if resp, _ := v.request("GET", v.URL()+"events?have=1", nil); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d", resp.StatusCode)
	}
}
