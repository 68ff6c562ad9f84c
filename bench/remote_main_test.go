package bench

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"amdahl/pools/remote"
)

// The knobs of remote workers.
var (
	join     = flag.String("join", "", "run tasks for the coordinator at this NATS server, as in nats://host:4222 (the coordinator prints it), until Ctrl-C; - reads the URL from standard input")
	joinOnce = flag.Bool("once", false, "with -join: end when the coordinator does, instead of waiting for the next one")
	examine  = flag.String("doctor", "", "look at this NATS server (reachable, versions, clocks, round trip), and exit")
	launch   = flag.String("launch", "", "start nodes with this command, as in 'ssh {host} ./bench -join {url}' or 'srun -n 1 ./bench -join {url}', once for each node that is missing; {i} is the number of the node")
	hosts    = flag.String("hosts", "", "machines for {host} in -launch, with commas between them")
	access   remote.Access // of -nats, -join and -doctor
	certFile string
	keyFile  string
	tokenVar = "AMDAHL_TOKEN"
)

func init() {
	flag.StringVar(&access.URL, "nats", "", "measure remote workers over this NATS server, instead of one inside this process")
	flag.StringVar(&access.Creds, "creds", "", "file with credentials for the NATS server")
	flag.StringVar(&access.CA, "ca", "", "file with certificates that the server's must be signed by")
	flag.StringVar(&certFile, "cert", "", "file with a certificate: of this client or, with -listen, of the server")
	flag.StringVar(&keyFile, "key", "", "file with its key")
	flag.StringVar(&runner.Remote.Listen, "listen", "", "address and port at which the NATS server inside this process listens, for other machines, as in 192.168.1.10:4222; nodes then join with -join. The token is random, or that of "+tokenVar)
	flag.BoolVar(&runner.Remote.Files, "files", false, "with -queue pull: keep the queue in files of the NATS server, which then loses nothing when it is restarted")
	flag.DurationVar(&runner.Remote.JoinTime, "join-time", time.Minute, "how long to wait for nodes")
	flag.DurationVar(&runner.Remote.Lease, "lease", 0, "how long after a worker's last sign of life another gets its tasks (default 5s)")
	flag.Func("queue", "how tasks reach remote workers: "+strings.Join(remote.Queues, ", ")+", or several of them (default "+remote.Queues[0]+")", func(list string) error {
		for queue := range strings.SplitSeq(list, ",") {
			if !slices.Contains(remote.Queues, queue) {
				return fmt.Errorf("%q is not one of %s: write them with commas between, as in -queue pull,request", queue, strings.Join(remote.Queues, ", "))
			}
			plan.Remote.Queues = append(plan.Remote.Queues, queue)
		}
		return nil
	})
	for name, to := range map[string]struct {
		list        *[]int
		least, most int
		help        string
	}{
		"prefetch": {&plan.Remote.Prefetch, 0, 256, "ranges of tasks that wait with each worker while it runs one, as in 0,1,3 (default 0); window= in the names is one more"},
		"nodes":    {&plan.Remote.Nodes, 1, 4096, "nodes that remote workers are spread over, as in 1,2 (default one for each worker)"},
	} {
		flag.Func(name, to.help, func(list string) error {
			for text := range strings.SplitSeq(list, ",") {
				n, err := strconv.Atoi(text)
				if err != nil || n < to.least || n > to.most {
					return fmt.Errorf("%q is not a number from %d to %d: write them with commas between, as in -%s 1,2,4", text, to.least, to.most, name)
				}
				*to.list = append(*to.list, n)
			}
			return nil
		})
	}
	flag.IntVar(&plan.Remote.PerNode, "per-node", 0, "workers of each node: the x axis is then nodes=, and -levels are numbers of nodes")
	flag.Func("link", "emulate this network between workers and server, as in rtt=2ms,bw=100Mbit,loss=0.1%; none is no emulation; may be given several times", func(text string) error {
		switch text {
		case "none":
			text = ""
		case "":
			return errors.New("it is empty: write a network, as in -link rtt=2ms,bw=100Mbit,loss=0.1%, or -link none")
		}
		l, err := remote.ParseLink(text)
		plan.Remote.Links = append(plan.Remote.Links, l)
		return err
	})
}

// remoteMain does what -join and -doctor ask for, and otherwise prepares the runner. It
// reports whether it was all that there is to do, and the exit status.
func remoteMain() (status int, done bool) {
	// An error of what was typed is status 2, another one status 1.
	fail := func(err error) (int, bool) {
		fmt.Fprintln(os.Stderr, err)
		if _, bad := errors.AsType[*remote.UsageError](err); bad {
			return 2, true
		}
		return 1, true
	}
	if err := checkRemoteFlags(); err != nil {
		return fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	say := func(line string) { fmt.Fprintln(os.Stderr, "remote:", line) }
	if runner.Remote.Listen == "" {
		access.Cert, access.Key = certFile, keyFile
	}
	switch {
	case *examine != "":
		access.URL = *examine
		if err := remote.Examine(ctx, Program(false), access, os.Stdout); err != nil {
			return fail(err)
		}
		return 0, true
	case *join != "":
		access.URL = *join
		if *join == "-" {
			line, _ := bufio.NewReader(io.LimitReader(os.Stdin, 4096)).ReadString('\n') // an end without a line is an empty URL
			if access.URL = strings.TrimSpace(line); access.URL == "" {
				return fail(&remote.UsageError{Err: errors.New("-join -: no URL came on standard input: send the one that the coordinator prints, as in echo nats://node:TOKEN@host:4222/main | bench -join -")})
			}
		}
		err := remote.Join(ctx, Program(false), remote.JoinOptions{Server: access, Again: !*joinOnce, Say: say})
		if err != nil {
			return fail(err)
		}
		return 0, true
	}
	runner.Remote.Server, runner.Remote.Token = access, os.Getenv(tokenVar)
	if access.URL == "" {
		runner.Remote.Server = remote.Access{}
	}
	if runner.Remote.Listen != "" || access.URL != "" || *launch != "" {
		runner.Remote.Say = say
	}
	if runner.Remote.Listen != "" && certFile != "" {
		cert, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			return fail(&remote.UsageError{Err: fmt.Errorf("-cert %s -key %s: %w", certFile, keyFile, err)})
		}
		runner.Remote.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	if *launch != "" {
		l, err := remote.ParseLaunch(*launch, *hosts)
		if err == nil && l.Elsewhere() != nil && runner.Remote.Listen == "" && access.URL == "" {
			err = fmt.Errorf("-launch %s: %s cannot reach the server of this machine, which listens on loopback only: add -listen ADDRESS:4222, with the address of this machine", *launch, strings.Join(l.Elsewhere(), ", "))
		}
		if err != nil {
			return fail(&remote.UsageError{Err: err})
		}
		l.Say = say
		runner.Remote.Start = l.Start
	}
	return 0, false
}

// firstTwice is a value that the plan has twice, with its flag; "" if there is none.
func firstTwice(p Plan) string {
	seen := map[string]bool{}
	twice := ""
	see := func(flag, value string) {
		if seen[flag+value] && twice == "" {
			twice = "-" + flag + " " + value
		}
		seen[flag+value] = true
	}
	for _, l := range p.Remote.Links {
		see("link", cmp.Or(l.Text(), "none"))
	}
	for _, q := range p.Remote.Queues {
		see("queue", q)
	}
	for flag, list := range map[string][]int{"prefetch": p.Remote.Prefetch, "nodes": p.Remote.Nodes, "levels": p.Levels} {
		for _, n := range list {
			see(flag, strconv.Itoa(n))
		}
	}
	return twice
}

// checkRemoteFlags refuses flags that cannot be what they say, or not together.
func checkRemoteFlags() error {
	bad := func(format string, args ...any) error { return &remote.UsageError{Err: fmt.Errorf(format, args...)} }
	r := plan.Remote
	if _, _, err := remote.ParseListen(runner.Remote.Listen); err != nil {
		return err
	}
	if twice := firstTwice(plan); twice != "" {
		return bad("%s is given twice: give each once", twice) // or two results have one name
	}
	elsewhere := runner.Remote.Listen != "" || access.URL != ""
	switch {
	case *join != "" && *examine != "":
		return bad("-join and -doctor: give one of them, as in bench -doctor %s", remote.Access{URL: *examine}.Redacted())
	case access.URL != "" && runner.Remote.Listen != "":
		return bad("-nats and -listen: the first uses a server that exists, the second starts one: give one of them")
	case (certFile == "") != (keyFile == ""):
		return bad("a certificate and its key belong together: write -cert FILE -key FILE")
	case *hosts != "" && *launch == "":
		return bad("-hosts %s: there is no command for them: add -launch 'ssh {host} ./bench -join {url}'", *hosts)
	case runner.Remote.Files && r.Queues != nil && !slices.Contains(r.Queues, remote.Pull):
		return bad("-files: only -queue pull keeps anything in the server: write -queue pull -files")
	case r.PerNode < 0:
		return bad("-per-node %d: write how many workers each node has, as in -per-node 2 -levels 1,2,4", r.PerNode)
	case r.PerNode > 0 && r.Nodes != nil:
		return bad("-per-node and -nodes: with -per-node the numbers of nodes are those of -levels: write -per-node %d -levels 1,2,4", r.PerNode)
	case runner.Remote.JoinTime <= 0:
		return bad("-join-time %v: write a time to wait for nodes, as in -join-time 5m", runner.Remote.JoinTime)
	case runner.Remote.Lease < 0 || runner.Remote.Lease > 0 && runner.Remote.Lease < 100*time.Millisecond:
		return bad("-lease %v: write at least 100ms, as in -lease 5s", runner.Remote.Lease)
	case elsewhere && slices.ContainsFunc(r.Links, func(l remote.Link) bool { return l != remote.Link{} }):
		return bad("-link: a network is emulated for workers on this machine, which this program starts: leave out -listen and -nats")
	case r.Nodes != nil && plan.Levels != nil && slices.Min(r.Nodes) > slices.Max(plan.Levels):
		return bad("-nodes %d: -levels has at most %d workers, and a node has one at least: write -levels %d", slices.Min(r.Nodes), slices.Max(plan.Levels), slices.Min(r.Nodes))
	}
	if access.URL != "" {
		with := access
		with.Cert, with.Key = certFile, keyFile
		return with.Check()
	}
	return nil
}
