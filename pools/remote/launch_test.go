package remote

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseLaunch(t *testing.T) {
	l, err := ParseLaunch(`ssh -o "User me" {host} './my bench' -join {url} n{i}`, "one, two")
	if err != nil {
		t.Fatal(err)
	}
	for i, host := range []string{"one", "two", "one"} {
		want := []string{"ssh", "-o", "User me", host, "./my bench", "-join", "nats://x/y", fmt.Sprintf("n%d", i+1)}
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
	l, err := ParseLaunch("sh -c 'echo no such machine: {url} >&2; exit 3' -join {url}", "")
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
	if text := strings.Join(lines, "\n"); !strings.Contains(text, "exit status 3\nno such machine: {url}") || strings.Contains(text, "secret") {
		t.Errorf("got %q", text)
	}
	if l, err := ParseLaunch("/no/such/program -join {url}", ""); err != nil {
		t.Error(err)
	} else if _, err := l.Start(bounded(t), "u"); !contains(err, "-launch: ") {
		t.Errorf("a program that is not there: %v", err)
	}
}

// Stand-ins for the programs that start processes elsewhere. Each does with its words what
// the real one does, on this machine: ssh gives them to a shell, with spaces between, and the
// others run what follows their own flags.
var standIns = map[string]string{
	"ssh":     `shift; exec sh -c "$*"`,
	"srun":    `shift 2; exec "$@"`,
	"mpirun":  `shift 4; exec "$@"`,
	"kubectl": `while [ "$1" != -- ]; do shift; done; shift; exec "$@"`,
}

// The templates of the README, with a directory that needs quotes for the other shell: each
// starts two nodes, and all have ended with the coordinator.
func TestTemplates(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the commands of this test are those of Unix")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin, dir := t.TempDir(), filepath.Join(t.TempDir(), "my dir")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(exe, filepath.Join(dir, "bench")); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(bin, "log")
	for name, body := range standIns {
		script := "#!/bin/sh\necho \"" + name + " $*\" >>'" + log + "'\n" + body + "\n"
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("AMDAHL_TEST_JOIN", "1") // see TestMain
	t.Chdir(dir)
	for _, tt := range []struct{ template, hosts, first, second string }{
		{"ssh {host} ./bench -join {url}", "one,two", "ssh one ./bench -join nats://", "ssh two ./bench -join nats://"},
		{"ssh {host} ./bench -join -", "one,two", "ssh one ./bench -join -\n", "ssh two ./bench -join -\n"},
		{`ssh {host} "cd '` + dir + `' && ./bench -join '{url}'"`, "one,two", "ssh one cd '" + dir + "' && ./bench -join 'nats://", "ssh two cd "},
		{"srun --ntasks 1 ./bench -join {url}", "", "srun --ntasks 1 ./bench -join nats://", "srun --ntasks 1 "},
		{"mpirun -n 1 --host {host} ./bench -join {url}", "one,two", "mpirun -n 1 --host one ./bench ", "mpirun -n 1 --host two ./bench "},
		{"kubectl run amdahl-{i} --image IMAGE --restart Never --rm -i -- ./bench -join {url}", "", "kubectl run amdahl-1 ", "kubectl run amdahl-2 "},
	} {
		t.Run(tt.template, func(t *testing.T) {
			l, err := ParseLaunch(tt.template, tt.hosts)
			if err != nil {
				t.Fatal(err)
			}
			l.Say = func(line string) { t.Error(line) } // a command ended badly, or had to be killed
			h := newHub(t, sleeping, Options{Start: l.Start})
			p, err := h.Open(bounded(t), 2, job("1ms"), Shape{})
			if err != nil {
				t.Fatal(err)
			}
			rightNow(t, p, 10)
			if err := h.Close(); err != nil {
				t.Error(err)
			}
			text, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(log); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{tt.first, tt.second} {
				if !strings.Contains(string(text), want) {
					t.Errorf("the commands were\n%swant %q in it", text, want)
				}
			}
			if strings.Contains(tt.template, "{url}") != strings.Contains(string(text), "/main/once") {
				t.Errorf("the commands were\n%swant a URL for one coordinator where there is one", text)
			}
		})
	}
}

// The templates of the README can be used as they stand there.
func TestReadmeTemplates(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^-launch '([^']+)'(?: -hosts (\S+))?$`).FindAllStringSubmatch(string(text), -1)
	if len(found) < 4 {
		t.Errorf("%d templates are found, want those of ssh, srun, mpirun and kubectl", len(found))
	}
	for _, f := range found {
		if _, err := ParseLaunch(f[1], f[2]); err != nil {
			t.Error(err)
		}
	}
}
