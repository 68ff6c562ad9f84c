package remote

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// An Access is how to reach a NATS server.
type Access struct {
	// URL is nats://[user:password@|token@]host[:port][/session], or tls://…. The
	// session keeps coordinators that share a server apart; without one it is
	// "main".
	URL   string
	Creds string // file with credentials (a JWT and a seed); "" is none
	CA    string // file with certificates of authorities to trust; "" is those of the system
	Cert  string // files with a certificate of one's own and its key; "" is none
	Key   string
}

// mainSession is the session of a URL without one.
const mainSession = "main"

// parse returns the address for NATS and the session.
func (a Access) parse() (server, session string, err error) {
	u, err := url.Parse(a.URL)
	if err != nil {
		// The error of url.Parse repeats the URL, and with it the password.
		return "", "", errors.New("remote: the URL of the server cannot be read: write nats://host:4222, or nats://user:password@host:4222/session")
	}
	if u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls" {
		return "", "", fmt.Errorf("remote: %s is no URL of a NATS server: write nats://host:4222, or tls://host:4222", u.Redacted())
	}
	session = cmp.Or(strings.Trim(u.Path, "/"), mainSession)
	if len(session) > 64 || strings.Trim(session, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return "", "", fmt.Errorf("remote: session %q of the URL: use at most 64 letters, digits and -", cut(session, 80))
	}
	u.Path = ""
	return u.String(), session, nil
}

// Redacted is the URL without its password or token.
func (a Access) Redacted() string {
	u, err := url.Parse(a.URL)
	if err != nil {
		return "the server"
	}
	if _, has := u.User.Password(); !has && u.User != nil {
		u.User = url.User("xxxxx") // a token
	}
	return u.Redacted()
}

// dialTime bounds how long it may take to connect.
const dialTime = 5 * time.Second

// connect connects to a server. The connection is made again whenever it breaks,
// until it is closed.
func (a Access) connect(name string, o ...nats.Option) (*nats.Conn, string, error) {
	server, session, err := a.parse()
	if err != nil {
		return nil, "", err
	}
	all := []nats.Option{
		nats.Name(name), nats.Timeout(dialTime), nats.MaxReconnects(-1), nats.ReconnectWait(50 * time.Millisecond),
		nats.ReconnectJitter(10*time.Millisecond, 10*time.Millisecond), nats.PingInterval(2 * time.Second), nats.MaxPingsOutstanding(2),
		nats.NoCallbacksAfterClientClose(), nats.IgnoreDiscoveredServers(), nats.ReconnectBufSize(32 << 20),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // the library writes to standard error otherwise
	}
	if a.Creds != "" {
		all = append(all, nats.UserCredentials(a.Creds))
	}
	if a.CA != "" {
		all = append(all, nats.RootCAs(a.CA))
	}
	if a.Cert != "" {
		all = append(all, nats.ClientCert(a.Cert, a.Key))
	}
	nc, err := nats.Connect(server, append(all, o...)...)
	if err != nil {
		return nil, "", fmt.Errorf("remote: %s: %w%s", a.Redacted(), err, hint(err))
	}
	return nc, session, nil
}

// hint says what may help against an error of connecting.
func hint(err error) string {
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired):
		return ": the token or the credentials are not those of this server: copy the whole URL that the coordinator prints"
	case errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrTimeout):
		return ": is a server running there, and does the firewall let its port through? Try bench -doctor with this URL"
	}
	return ""
}
