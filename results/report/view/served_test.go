package view

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long tests wait for what must happen: a machine that does much else may be
// slower by a factor of 30.
const patience = 3 * time.Minute

// A served is a server of a test with its files.
type served struct {
	*Server
	t     *testing.T
	file  string
	pages atomic.Int64 // that were made
	end   func() error // ends the server and gives what Run returned
}

// start serves a page that is the text of the file.
func start(t *testing.T, text string) *served {
	t.Helper()
	v := &served{t: t, file: filepath.Join(t.TempDir(), "results.txt")}
	if text != "" {
		v.write(text)
	}
	s, err := New(Options{
		Files: []string{v.file}, Title: "a <title>",
		Page: func(_ context.Context, w io.Writer, version string) error {
			v.pages.Add(1)
			f, err := v.Open(v.file)
			if err != nil {
				return err
			}
			defer f.Close()
			text, err := io.ReadAll(f)
			if err != nil {
				return err
			}
			if strings.Contains(string(text), "bad") {
				return errors.New("the file is <bad>")
			}
			_, err = fmt.Fprintf(w, "version %s: %s", version, text)
			return err
		},
		Every: time.Millisecond, Settle: time.Hour, Rest: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	v.Server = s
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	v.end = func() error {
		cancel()
		select {
		case err := <-done:
			done <- err
			return err
		case <-time.After(patience):
			return errors.New("Run does not return")
		}
	}
	t.Cleanup(func() {
		if err := v.end(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func (v *served) write(text string) {
	v.t.Helper()
	if err := os.WriteFile(v.file, []byte(text), 0o600); err != nil {
		v.t.Fatal(err)
	}
}

func (v *served) append(text string) {
	v.t.Helper()
	f, err := os.OpenFile(v.file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		v.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		v.t.Fatal(err)
	}
}

// request makes a request and returns its answer with the body.
func (v *served) request(method, url string, change func(*http.Request)) (*http.Response, string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, url, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp, string(body)
}

func (v *served) get() string {
	v.t.Helper()
	resp, body := v.request("GET", v.URL(), nil)
	if resp.StatusCode != http.StatusOK {
		v.t.Fatalf("status %d", resp.StatusCode)
	}
	return body
}

// A stream is what a page hears.
type stream struct {
	t     *testing.T
	lines chan string
}

// hear opens the stream of a page that has a version.
func (v *served) hear(version string) *stream {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), "GET", v.URL()+"events?have="+version, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		v.t.Fatalf("events: status %d, %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	s := &stream{t: v.t, lines: make(chan string, 1000)}
	v.t.Cleanup(func() { resp.Body.Close() })
	go func() {
		defer close(s.lines)
		for sc := bufio.NewScanner(resp.Body); sc.Scan(); {
			s.lines <- sc.Text()
		}
	}()
	return s
}

// event waits for the next event and returns its name, "" at the end of the stream.
func (s *stream) event() string {
	s.t.Helper()
	late := time.After(patience)
	for {
		select {
		case line, ok := <-s.lines:
			if !ok {
				return ""
			}
			if name, ok := strings.CutPrefix(line, "event: "); ok {
				return name
			}
		case <-late:
			s.t.Fatal("no event")
		}
	}
}
