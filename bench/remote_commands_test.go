package bench

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// These tests run the flags of remote workers as a user does: this program again, as a
// process of its own. They wait for lines and for ends, and never for a time.

// Coordinator and workers as the README starts them: -listen on one machine, -join on the
// others; a program of another build is refused by name, and -doctor sees all of that
// before. At the end all have ended.
func TestJoinCommands(t *testing.T) {
	t.Parallel()
	c := startBench(t, few("-listen", "127.0.0.1:0", "-nodes", "2", "-levels", "2")...)
	url := joinURL(c)
	if !strings.HasPrefix(url, "nats://node:") || !strings.HasSuffix(url, "/main") {
		t.Fatalf("the URL is %q", url)
	}
	_, secret, _ := strings.Cut(url, "nats://node:")
	secret, at, _ := strings.Cut(secret, "@")

	doctor := startBench(t, "-doctor", url)
	doctor.ends(0)
	for _, want := range []string{"reachable    yes, in ", "server       nats-server 2.", "round trip   ", "jetstream    ", `in session "main", protocol version`, "clocks       the coordinator's is ", "build        the same: "} {
		if !strings.Contains(doctor.text(), want) {
			t.Errorf("-doctor writes\n%s\nwant %q in it", doctor.text(), want)
		}
	}
	for _, tt := range []struct {
		name, exe, url, want string
		status               int
	}{
		{"a wrong token", "", "nats://node:guess@" + at, "copy the whole URL that the coordinator prints", 1},
		{"no token", "", "nats://" + at, "copy the whole URL that the coordinator prints", 1},
		{"encryption that is not there", "", strings.Replace(url, "nats://", "tls://", 1), "write nats:// instead of tls://", 1},
		{"nothing listens", "", "nats://127.0.0.1:1", "is a server running there", 1},
		{"no URL", "", "127.0.0.1:4222", "write nats://host:4222", 2},
		{"another build", "other", url, "the coordinator would refuse this program: the coordinator is \"executable ", 1},
	} {
		exe := benchExe(t)
		if tt.exe != "" {
			exe = anotherBuild(t)
		}
		d := startAs(t, exe, "-doctor", tt.url)
		d.ends(tt.status)
		if !strings.Contains(d.text(), tt.want) {
			t.Errorf("-doctor of %s writes\n%s\nwant %q in it", tt.name, d.text(), tt.want)
		}
		if strings.Contains(d.text(), secret) {
			t.Errorf("-doctor of %s shows the token", tt.name)
		}
		if tt.name == "nothing listens" {
			continue // -join waits there
		}
		j := startAs(t, exe, "-join", tt.url)
		j.ends(tt.status)
		if want := strings.Replace(tt.want, "the coordinator would refuse this program: ", "the coordinator refuses this node: ", 1); !strings.Contains(j.text(), want) || strings.Contains(j.text(), secret) {
			t.Errorf("-join of %s writes\n%s\nwant %q in it and no token", tt.name, j.text(), want)
		}
	}
	none := startBench(t, "-join", "-") // its standard input is empty
	none.ends(2)
	if !strings.Contains(none.text(), "-join -: no URL came on standard input") {
		t.Errorf("-join - writes\n%s", none.text())
	}
	c.await(`remote: refused .*the coordinator is "executable [0-9a-f]+" and the node "executable [0-9a-f]+"`)

	once := startBench(t, "-join", url, "-once")
	again := startBench(t, "-join", url)
	for _, w := range []*command{once, again} {
		line := w.await("remote: joined ")
		if strings.Contains(line, secret) {
			t.Errorf("the token is shown: %s", line)
		}
	}
	for range 2 { // in either order
		c.await("remote: node [12] joined: .* processors, process ")
	}
	c.await("^link-loggp: L=.* o=.* g=.* G=.* rtt=")
	c.await("^remote-nodes: .* 2$")
	c.await("^remote-machines: .*/.*, [0-9]+ processors")
	c.await("^BenchmarkStrong/.*/nodes=2/workers=2")
	c.ends(0)
	once.ends(0)
	again.await("remote: waiting for a coordinator")
	if runtime.GOOS != "windows" {
		again.interrupt()
		again.ends(0)
	}
}

// With -per-node the axis is nodes, and the workers of each node are as many as it says.
func TestPerNodeCommand(t *testing.T) {
	t.Parallel()
	c := startBench(t, few("-per-node", "2", "-levels", "1,2")...)
	for n := 1; n <= 2; n++ {
		c.await("^link-loggp: L=.* rtt=") // before every case
		c.await(fmt.Sprintf("^remote-nodes: .* %d$", n))
		c.await(fmt.Sprintf("^worker-busy:( [0-9.]+[µm]?s){%d}$", 2*n))
		c.await(fmt.Sprintf("^BenchmarkStrong/.*/per-node=2/nodes=%d(-[0-9]+)?\\s+1\\s", n))
	}
	c.ends(0)
}

// -launch starts nodes by a command, with the URL among its words or on its standard
// input; when the coordinator has ended, they have too.
func TestLaunchCommand(t *testing.T) {
	t.Parallel()
	exe := benchExe(t)
	for _, template := range []string{"'" + exe + "' -join {url}", "'" + exe + "' -join -"} {
		c := startBench(t, few("-launch", template, "-levels", "2")...)
		var pids []string
		for range 2 {
			_, pid, _ := strings.Cut(c.await("remote: node . joined: "), "process ")
			pids = append(pids, pid)
		}
		c.await("^BenchmarkStrong/.*/workers=2")
		c.ends(0)
		for _, pid := range pids {
			if stillThere(t, pid) {
				t.Errorf("-launch %s: process %s is still there", template, pid)
			}
		}
	}
	c := startBench(t, few("-launch", "'"+exe+"' -join {url} -nonsense", "-levels", "1", "-join-time", "500ms")...)
	c.await("-join {url} -nonsense: exit status 2")
	c.await("flag provided but not defined: -nonsense")
	c.await("0 of 1 nodes have joined within 500ms: start the others")
	c.ends(1)
}

// stillThere reports whether a process exists. It looks where Linux lists them.
func stillThere(t *testing.T, pid string) bool {
	if runtime.GOOS != "linux" {
		return false
	}
	_, err := os.Stat("/proc/" + pid)
	return err == nil
}

// Encryption with a server of the coordinator's own: -cert and -key there, -ca at the
// nodes.
func TestEncryptedCommands(t *testing.T) {
	t.Parallel()
	cert, key := ownCertificate(t)
	c := startBench(t, few("-listen", "127.0.0.1:0", "-cert", cert, "-key", key, "-nodes", "1", "-levels", "1")...)
	url := joinURL(c)
	if !strings.HasPrefix(url, "tls://") {
		t.Errorf("the URL is %.10s…", url)
	}
	for _, flag := range []string{"-doctor", "-join"} {
		w := startBench(t, flag, url)
		w.ends(1)
		if !strings.Contains(w.text(), "add -ca FILE") {
			t.Errorf("%s without -ca writes\n%s", flag, w.text())
		}
	}
	doctor := startBench(t, "-doctor", url, "-ca", cert)
	doctor.ends(0)
	if !strings.Contains(doctor.text(), ", encrypted,") {
		t.Errorf("-doctor writes\n%s", doctor.text())
	}
	w := startBench(t, "-join", url, "-ca", cert, "-once")
	c.await("^BenchmarkStrong/")
	c.ends(0)
	w.ends(0)
}

// A server that exists: -nats, with two coordinators in sessions of their own, a third one
// that is refused, and one that is killed, after which the next one measures undisturbed.
func TestNATSCommands(t *testing.T) {
	t.Parallel()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true, JetStream: true, StoreDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(commandLimit) {
		t.Fatal("the server does not accept connections")
	}
	url := s.ClientURL()
	one := startBench(t, few("-nats", url+"/one", "-nodes", "1", "-levels", "1")...)
	joinURL(one) // it has the session now
	refused := startBench(t, few("-nats", url+"/one", "-nodes", "1", "-levels", "1")...)
	refused.await(`is measuring in session "one" of this server: give another session, as in nats://host:4222/mine`)
	refused.ends(1)
	two := startBench(t, few("-nats", url+"/two", "-nodes", "1", "-levels", "1")...)
	for _, c := range []*command{two, one} {
		w := startBench(t, "-join", joinedAt(c, url), "-once")
		c.await("^BenchmarkStrong/")
		c.ends(0)
		w.ends(0)
	}

	long := few("-nats", url+"/one", "-nodes", "1", "-levels", "1", "-files")
	long[slices.Index(long, "8")] = "20000" // tasks, which take longer than the test
	killed := startBench(t, long...)
	ghost := startBench(t, "-join", url+"/one", "-once")
	killed.await("^link-loggp: ")
	v, err := s.Jsz(&server.JSzOptions{Accounts: true, Streams: true, Config: true})
	if err != nil || len(v.AccountDetails) != 1 || len(v.AccountDetails[0].Streams) != 1 || v.AccountDetails[0].Streams[0].Config.Storage != server.FileStorage {
		t.Errorf("with -files the server has %+v, %v, want one queue in files", v.AccountDetails, err)
	}
	if err := killed.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-killed.ended
	next := startBench(t, few("-nats", url+"/one", "-nodes", "1", "-levels", "1")...)
	w := startBench(t, "-join", url+"/one", "-once")
	next.await("remote: node 1 joined: ")
	next.await("^BenchmarkStrong/")
	next.ends(0)
	w.ends(0)
	select {
	case <-ghost.ended:
		t.Error("the node of the killed coordinator was ended by the next one")
	default:
	}
	for late := time.Now().Add(commandLimit); s.NumClients() > 1; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("%d connections are left, want at most that of the node that does not know yet", s.NumClients())
		}
	}
	if v, err := s.Jsz(&server.JSzOptions{}); err != nil || v.Streams != 0 {
		t.Errorf("%d work queues are left on the server, %v", v.Streams, err)
	}
}

// joinedAt is the URL at which the nodes of a coordinator join, which it has said before.
func joinedAt(c *command, url string) string {
	if strings.Contains(c.args, url+"/one") {
		return url + "/one"
	}
	return url + "/two"
}
