package remote

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseLaunch(t *testing.T) {
	l, err := ParseLaunch(`ssh -o "User me" {host} './my bench' -join {url}`, "one, two")
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"one", "two", "one"} {
		want := []string{"ssh", "-o", "User me", host, "./my bench", "-join", "nats://x/y"}
		if d := cmp.Diff(want, l.command("nats://x/y")); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
	if l, err := ParseLaunch("srun ./bench -join -", ""); err != nil || len(l.command("u")) != 4 {
		t.Errorf("a launch that reads standard input: %v", err)
	}
	for _, tt := range []struct{ template, hosts, want string }{
		{"", "", "-launch is empty"},
		{"ssh {host} ./bench", "a", "add -join {url}"},
		{"ssh {host} ./bench -join {url}", "", "add -hosts one,two"},
		{"ssh 'a -join {url}", "", "a quote ' is not closed"},
		{"ssh {host} -join {url}", "a,-oProxyCommand=x", "is no name of a machine"},
	} {
		if _, err := ParseLaunch(tt.template, tt.hosts); !contains(err, tt.want) {
			t.Errorf("%q, %q: %v, want %s", tt.template, tt.hosts, err, tt.want)
		}
	}
}

// A command that is launched joins with the URL that it reads, and one that fails says
// why, without the token.
func TestLaunch(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands of this test are those of Unix")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("AMDAHL_TEST_JOIN", "1") // see TestMain
	for _, template := range []string{"env " + exe + " -join -", exe + " -join {url}"} {
		l, err := ParseLaunch(template, "")
		if err != nil {
			t.Fatal(err)
		}
		t.Run(template[:3], func(t *testing.T) {
			h := newHub(t, sleeping, Options{Start: l.Start})
			p, err := h.Open(bounded(t), 2, job("1ms"), Shape{})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := p.Run(bounded(t), 0, 10); err != nil || got != sumOf(10) {
				t.Errorf("Run = %d, %v, want %d", got, err, sumOf(10))
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	var mu sync.Mutex
	var lines []string
	l, err := ParseLaunch("sh -c 'echo no such machine >&2; exit 3' -join {url}", "")
	if err != nil {
		t.Fatal(err)
	}
	l.Say = func(line string) { mu.Lock(); defer mu.Unlock(); lines = append(lines, line) }
	stop, err := l.Start(bounded(t), "nats://node:secret@host/s")
	if err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if text := strings.Join(lines, "\n"); !strings.Contains(text, "exit status 3\nno such machine") || strings.Contains(text, "secret") {
		t.Errorf("got %q", text)
	}
	if l, err := ParseLaunch("/no/such/program -join {url}", ""); err != nil {
		t.Error(err)
	} else if _, err := l.Start(bounded(t), "u"); !contains(err, "-launch: ") {
		t.Errorf("a program that is not there: %v", err)
	}
}
