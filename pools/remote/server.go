package remote

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Names of the two users of a server that the coordinator starts.
const (
	coordinatorUser = "coordinator" // may do everything
	nodeUser        = "node"        // may ask for work and report
)

// readyTime bounds how long a server may take until it accepts connections.
const readyTime = 20 * time.Second

// An embedded server is a NATS server inside this process.
type embedded struct {
	server *server.Server
	dir    string // of its files; removed at the end
	keep   bool   // the directory is the caller's
	opts   *server.Options
	secret string // password of coordinatorUser
	token  string // password of nodeUser
}

// serverOptions are the options of an embedded server.
type serverOptions struct {
	listen  string // host:port; "" is a free port of 127.0.0.1
	token   string // "" makes a random one
	session string
	dir     string // of files; "" makes a temporary one
	tls     *tls.Config
}

// ParseListen reads the address of [Options.Listen]. The port 0 is a free one, which the
// NATS server writes as −1. The error is a [UsageError].
func ParseListen(listen string) (host string, port int, err error) {
	if listen == "" {
		return "127.0.0.1", server.RANDOM_PORT, nil
	}
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, usage("remote: listen %q: write an address and a port, as in 192.168.1.10:4222 or [fd00::10]:4222: %w", listen, err)
	}
	if port, err = strconv.Atoi(text); err != nil || port < 0 || port > 65535 {
		return "", 0, usage("remote: listen %q: the port is a number from 0 to 65535, as in 192.168.1.10:4222", listen)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	if host == "" {
		host = "0.0.0.0" // every address
	}
	return host, port, nil
}

// serve starts a server. Nodes may only do what the subjects of the session and
// asking for work need.
func serve(o serverOptions) (*embedded, error) {
	host, port, err := ParseListen(o.listen)
	if err != nil {
		return nil, err
	}
	if o.token == "" {
		o.token = rand.Text()
	}
	e := &embedded{dir: o.dir, keep: o.dir != "", secret: rand.Text(), token: o.token}
	if e.dir == "" {
		dir, err := os.MkdirTemp("", "amdahl-nats")
		if err != nil {
			return nil, fmt.Errorf("remote: a directory for the server: %w", err)
		}
		e.dir = dir
	}
	up := "amdahl." + o.session + "."
	e.opts = &server.Options{
		ServerName: "amdahl", Host: host, Port: port, NoLog: true, NoSigs: true,
		JetStream: true, StoreDir: e.dir, JetStreamMaxMemory: 256 << 20, JetStreamMaxStore: 1 << 30,
		MaxPayload: 2 << 20, MaxConn: maxNodes + 16, MaxPending: 64 << 20, WriteDeadline: 5 * time.Second,
		PingInterval: 5 * time.Second, MaxPingsOut: 2, TLSConfig: o.tls, TLS: o.tls != nil, TLSTimeout: 5,
		Users: []*server.User{
			{Username: coordinatorUser, Password: e.secret},
			{Username: nodeUser, Password: e.token, Permissions: &server.Permissions{
				Publish:   &server.SubjectPermission{Allow: []string{up + "up.>", "$JS.API.CONSUMER.MSG.NEXT.*." + consumerName, "$JS.ACK.>"}},
				Response:  &server.ResponsePermission{MaxMsgs: 1, Expires: time.Hour}, // a node replies once to each order
				Subscribe: &server.SubjectPermission{Allow: []string{up + "down.>", up + "work.>", "_INBOX.>"}},
			}},
		},
	}
	if err := e.start(); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *embedded) start() error {
	// The server itself says nothing where it cannot listen.
	l, err := net.Listen("tcp", net.JoinHostPort(e.opts.Host, strconv.Itoa(max(0, e.opts.Port))))
	if err != nil {
		return fmt.Errorf("remote: NATS server: %w: write -listen with an address of this machine and a port that is free, as in -listen 127.0.0.1:0", err)
	}
	l.Close()
	s, err := server.NewServer(e.opts.Clone())
	if err != nil {
		return fmt.Errorf("remote: NATS server: %w", err)
	}
	s.Start()
	e.server = s
	if !s.ReadyForConnections(readyTime) {
		return fmt.Errorf("remote: NATS server: %s: it does not accept connections: is the address of this machine, and the port free?", net.JoinHostPort(e.opts.Host, strconv.Itoa(e.opts.Port)))
	}
	if a, ok := s.Addr().(*net.TCPAddr); ok {
		e.opts.Port = a.Port // a restart has the same
	}
	return nil
}

// addr is an address of the server for this machine.
func (e *embedded) addr() string {
	host := e.opts.Host
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // it listens at every address
	}
	return net.JoinHostPort(host, strconv.Itoa(e.opts.Port))
}

// addrForOthers is an address of the server for other machines. Of a server that
// listens at every address it is the first that is not loopback.
func (e *embedded) addrForOthers() string {
	ip := net.ParseIP(e.opts.Host)
	all, err := net.InterfaceAddrs()
	if ip == nil || !ip.IsUnspecified() || err != nil {
		return e.addr()
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() && (n.IP.To4() != nil || ip.To4() == nil) {
			return net.JoinHostPort(n.IP.String(), strconv.Itoa(e.opts.Port))
		}
	}
	return e.addr()
}

// url is the address for the coordinator or, with user nodeUser, for nodes.
func (e *embedded) url(user, addr, session string) string {
	password := e.token
	if user == coordinatorUser {
		password = e.secret
	}
	u := url.URL{Scheme: "nats", User: url.UserPassword(user, password), Host: addr, Path: "/" + session}
	if e.opts.TLSConfig != nil {
		u.Scheme = "tls"
	}
	return u.String()
}

// stop ends the server and leaves its files.
func (e *embedded) stop() {
	if e.server != nil {
		e.server.Shutdown()
		e.server.WaitForShutdown()
	}
}

// close ends the server and removes its files.
func (e *embedded) close() error {
	e.stop()
	if e.keep {
		return nil
	}
	return os.RemoveAll(e.dir)
}

// InProcessConn is a connection to the server without a socket.
func (e *embedded) InProcessConn() (net.Conn, error) { return e.server.InProcessConn() }
