package bench

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
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
	launch   = flag.String("launch", "", "start nodes with this command, as in 'ssh {host} ./bench -join {url}' or 'srun ./bench -join {url}', once for each node that is missing")
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
	flag.DurationVar(&runner.Remote.JoinTime, "join-time", time.Minute, "how long to wait for nodes")
	flag.DurationVar(&runner.Remote.Lease, "lease", 0, "how long after a worker's last sign of life another gets its tasks (default 5s)")
	flag.Func("queue", "how tasks reach remote workers: "+strings.Join(remote.Queues, ", ")+", or several of them (default "+remote.Queues[0]+")", func(list string) error {
		plan.Remote.Queues = strings.Split(list, ",")
		return nil
	})
	for name, to := range map[string]struct {
		list *[]int
		help string
	}{
		"prefetch": {&plan.Remote.Prefetch, "ranges of tasks that wait with each worker while it runs one, as in 0,1,3 (default 0); window= in the names is one more"},
		"nodes":    {&plan.Remote.Nodes, "nodes that remote workers are spread over, as in 1,2 (default one for each worker)"},
	} {
		flag.Func(name, to.help, func(list string) error {
			for text := range strings.SplitSeq(list, ",") {
				n, err := strconv.Atoi(text)
				if err != nil || n < 0 {
					return fmt.Errorf("%q is not a number", text)
				}
				*to.list = append(*to.list, n)
			}
			return nil
		})
	}
	flag.IntVar(&plan.Remote.PerNode, "per-node", 0, "workers of each node: the x axis is then nodes=, and -levels are numbers of nodes")
	flag.Func("link", "emulate this network between workers and server, as in rtt=2ms,bw=100Mbit,loss=0.1%; none is no emulation; may be given several times", func(text string) error {
		if text == "none" {
			text = ""
		}
		l, err := remote.ParseLink(text)
		plan.Remote.Links = append(plan.Remote.Links, l)
		return err
	})
}

// remoteMain does what -join and -doctor ask for, and otherwise prepares the runner. It
// reports whether it was all that there is to do, and the exit status.
func remoteMain() (status int, done bool) {
	fail := func(err error) (int, bool) {
		fmt.Fprintln(os.Stderr, err)
		return 2, true
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
			fmt.Fprintln(os.Stderr, err)
			return 1, true
		}
		return 0, true
	case *join != "":
		access.URL = *join
		if *join == "-" {
			line, err := io.ReadAll(io.LimitReader(os.Stdin, 4096))
			if err != nil {
				return fail(err)
			}
			access.URL = strings.TrimSpace(string(line))
		}
		err := remote.Join(ctx, Program(false), remote.JoinOptions{Server: access, Again: !*joinOnce, Say: say})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1, true
		}
		return 0, true
	}
	runner.Remote.Server, runner.Remote.Token = access, os.Getenv(tokenVar)
	if access.URL == "" {
		runner.Remote.Server = remote.Access{}
	}
	if runner.Remote.Listen != "" || access.URL != "" {
		runner.Remote.Say = say
	}
	if runner.Remote.Listen != "" && certFile != "" {
		cert, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			return fail(fmt.Errorf("-cert %s -key %s: %w", certFile, keyFile, err))
		}
		runner.Remote.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	if *launch != "" {
		l, err := remote.ParseLaunch(*launch, *hosts)
		if err != nil {
			return fail(err)
		}
		l.Say = say
		runner.Remote.Start = l.Start
	}
	return 0, false
}
