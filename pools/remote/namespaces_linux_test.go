package remote

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// ip runs a command of iproute2.
func ip(t *testing.T, line string) error {
	t.Helper()
	words := strings.Fields(line)
	out, err := exec.CommandContext(t.Context(), words[0], words[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", line, err, out)
	}
	return nil
}

// Workers in two network namespaces, with addresses of their own and a rate limit of the
// kernel, join over the network and give the right sum. It needs root on Linux, and
// iproute2.
func TestNamespaces(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("network namespaces need root: run the tests as root to see this one")
	}
	for _, program := range []string{"ip", "tc"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: install iproute2 to see this test", program)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// A bridge in this namespace, and a cable from it into each of the others.
	bridge := fmt.Sprintf("ab%d", os.Getpid()%1e6)
	must := func(line string) {
		t.Helper()
		if err := ip(t, line); err != nil {
			t.Fatal(err)
		}
	}
	subnet := fmt.Sprintf("10.%d.%d", 200+os.Getpid()%50, os.Getpid()/50%250)
	if err := ip(t, "ip link add "+bridge+" type bridge"); err != nil {
		t.Skipf("this kernel or container makes no bridge: %v", err)
	}
	t.Cleanup(func() { _ = exec.Command("ip", "link", "del", bridge).Run() })
	must("ip addr add " + subnet + ".1/24 dev " + bridge)
	must("ip link set " + bridge + " up")
	var launches []string
	for i := range 2 {
		ns, here, there := fmt.Sprintf("amdahl%d-%d", os.Getpid(), i), fmt.Sprintf("%sh%d", bridge, i), fmt.Sprintf("%sn%d", bridge, i)
		if err := ip(t, "ip netns add "+ns); err != nil {
			t.Skipf("this container makes no network namespace: %v", err)
		}
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", ns).Run() })
		must("ip link add " + here + " type veth peer name " + there)
		must("ip link set " + here + " master " + bridge + " up")
		must("ip link set " + there + " netns " + ns)
		must(fmt.Sprintf("ip -n %s addr add %s.%d/24 dev %s", ns, subnet, 10+i, there))
		must("ip -n " + ns + " link set " + there + " up")
		if err := ip(t, "tc -n "+ns+" qdisc add dev "+there+" root tbf rate 20mbit burst 32kbit latency 50ms"); err != nil {
			t.Skipf("this kernel has no token bucket filter: %v", err)
		}
		launches = append(launches, fmt.Sprintf("ip netns exec %s %s -join {url}", ns, exe))
	}
	t.Setenv("AMDAHL_TEST_JOIN", "1")
	h := newHub(t, sleeping, Options{Listen: net.JoinHostPort(subnet+".1", "0")})
	for _, template := range launches {
		l, err := ParseLaunch(template, "")
		if err != nil {
			t.Fatal(err)
		}
		l.Say = func(line string) { t.Log(line) }
		stop, err := l.Start(bounded(t), h.URL())
		if err != nil {
			t.Fatal(err)
		}
		h.stops = append(h.stops, stop)
	}
	for _, queue := range Queues {
		p, err := h.Open(bounded(t), 2, job("1ms"), Shape{Queue: queue})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Run(bounded(t), 0, 50); err != nil || got != sumOf(50) {
			t.Errorf("%s: Run = %d, %v, want %d", queue, got, err, sumOf(50))
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}
