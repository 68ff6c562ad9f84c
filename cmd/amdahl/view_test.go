package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestView(t *testing.T) {
	lower, opener := lowerPriority, openBrowser
	opened := make(chan string, 1)
	lowerPriority, openBrowser = func() {}, func(url string) error { opened <- url; return nil }
	defer func() { lowerPriority, openBrowser = lower, opener }()
	file := filepath.Join(t.TempDir(), "results.txt")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, messages lockedBuffer
	status := make(chan int, 1)
	go func() { status <- run(ctx, []string{"view", "--open", file}, strings.NewReader(""), &out, &messages) }()
	wait(t, "an address is printed", func() bool { return strings.HasSuffix(out.String(), "/\n") })
	url := strings.TrimSpace(out.String())
	if got := <-opened; got != url || !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("opened %q, printed %q", got, url)
	}
	get := func() string {
		t.Helper()
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("status %d, %v", resp.StatusCode, err)
		}
		return string(body)
	}
	if got := get(); !strings.Contains(got, "Nothing to show yet") || !strings.Contains(got, "amdahl view: results.txt") {
		t.Errorf("without a file: %q", got)
	}
	put := func(text string) {
		t.Helper()
		f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	// One level is shown too: a measurement begins with it. A half written line is not.
	put("BenchmarkGrow/workers=1 100 1000000 ns/op\nBenchmarkGrow/workers=2 100 5")
	wait(t, "one level is shown", func() bool { return strings.Contains(get(), "How it scales") })
	if got := get(); !strings.Contains(got, `<meta name="amdahl-live" content="`) || !strings.Contains(got, "connect-src &#39;self&#39;") {
		t.Error("the page does not follow the file")
	}
	put("50000 ns/op\nBenchmarkGrow/workers=2 1 broken\nBenchmarkGrow/workers=4 100 300000 ns/op\nBenchmarkGrow/workers=8 100 200000 ns/op\n")
	wait(t, "the curve is fitted", func() bool { return strings.Contains(get(), `"law":"amdahl"`) })
	put("BenchmarkGrow/workers=8 100 200001 ns/op\n")
	wait(t, "the last sample is shown", func() bool { return strings.Contains(get(), "0.000200001") })
	// What is wrong in a file is said once.
	if n := strings.Count(messages.String(), "results.txt:3:"); n != 1 {
		t.Errorf("a broken line is named %d times:\n%s", n, messages.String())
	}
	cancel()
	select {
	case got := <-status:
		if got != done {
			t.Errorf("status %d:\n%s", got, messages.String())
		}
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	if _, err := http.Get(url); err == nil {
		t.Error("it still answers")
	}
}

func TestViewUsage(t *testing.T) {
	for _, c := range []struct {
		args, want string
	}{
		{"view", "amdahl: no file to show: amdahl view FILE"},
		{"view -", "write it to a file"},
		{"view --nonsense x", "unknown flag"},
		{"view .", ". is a folder, and view follows files: name those in it, as in amdahl view results.txt"},
	} {
		var stderr bytes.Buffer
		if got := run(t.Context(), strings.Fields(c.args), strings.NewReader(""), io.Discard, &stderr); got != usage || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%s: status %d, %s", c.args, got, stderr.String())
		}
	}
}

func TestExplore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "explore.html")
	var stderr bytes.Buffer
	if got := run(t.Context(), []string{"explore", "-o", file}, strings.NewReader(""), io.Discard, &stderr); got != done {
		t.Fatalf("status %d: %s", got, stderr.String())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>Explore how work scales</title>", "default-src &#39;none&#39;", "Universal scalability law", `id="own-text"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for args, want := range map[string]int{"explore": usage, "explore x -o " + file: usage, "explore -o " + filepath.Join(file, "x"): usage, "explore -o -": done} {
		if got := run(t.Context(), strings.Fields(args), strings.NewReader(""), io.Discard, io.Discard); got != want {
			t.Errorf("%s: status %d, want %d", args, got, want)
		}
	}
}
