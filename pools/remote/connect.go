package remote

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// An Access is how to reach a NATS server.
type Access struct {
	// URL is nats://[user:password@|token@]host[:port][/session[/once]], or tls://….
	// The session keeps coordinators that share a server apart; without one it is
	// "main". A node that joins at a URL with once ends with its coordinator, whatever
	// JoinOptions.Again says: see [Launch].
	URL   string
	Creds string // file with credentials (a JWT and a seed); "" is none
	CA    string // file with certificates of authorities to trust; "" is those of the system
	Cert  string // files with a certificate of one's own and its key; "" is none
	Key   string
}

// A UsageError says that something cannot be used as it was given: a URL that cannot
// be read, a file that is not there. Trying again does not help.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }

// usage is a UsageError.
func usage(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// mainSession is the session of a URL without one.
const mainSession = "main"

// oncePart ends a URL for one coordinator, behind the session.
const oncePart = "/once"

// once reports whether the URL is for one coordinator.
func (a Access) once() bool {
	u, err := url.Parse(a.URL)
	return err == nil && strings.HasSuffix(strings.Trim(u.Path, "/"), oncePart)
}

// parse returns the address for NATS and the session.
func (a Access) parse() (server, session string, err error) {
	u, err := url.Parse(a.URL)
	if err != nil {
		// The error of url.Parse repeats the URL, and with it the password.
		return "", "", usage("remote: the URL of the server cannot be read: write nats://host:4222, or nats://user:password@host:4222/session")
	}
	if u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls" {
		return "", "", usage("remote: %s is no URL of a NATS server: write nats://host:4222, or tls://host:4222", u.Redacted())
	}
	session, _ = strings.CutSuffix(strings.Trim(u.Path, "/"), oncePart)
	session = cmp.Or(session, mainSession)
	if len(session) > 64 || strings.Trim(session, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return "", "", usage("remote: session %q of the URL: use at most 64 letters, digits and -", cut(session, 80))
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

// Check refuses a URL or files that cannot be used, without connecting. The error is a
// [UsageError].
func (a Access) Check() error {
	_, _, err := a.parse()
	if err == nil {
		err = a.checkFiles()
	}
	return err
}

// checkFiles refuses files that cannot be read, and a certificate without its key.
func (a Access) checkFiles() error {
	if (a.Cert == "") != (a.Key == "") {
		return usage("remote: a certificate and its key belong together: write -cert FILE -key FILE")
	}
	for _, f := range []struct{ flag, file string }{{"-creds", a.Creds}, {"-ca", a.CA}, {"-cert", a.Cert}, {"-key", a.Key}} {
		if f.file == "" {
			continue
		}
		file, err := os.Open(f.file)
		if err != nil {
			return usage("remote: %s: %w", f.flag, err)
		}
		file.Close()
	}
	return nil
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
	if err := a.checkFiles(); err != nil {
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

// lasting reports whether connecting again would end with the same error.
func lasting(err error) bool {
	_, bad := errors.AsType[*UsageError](err)
	_, foreign := errors.AsType[*tls.CertificateVerificationError](err)
	return bad || foreign || errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) ||
		errors.Is(err, nats.ErrSecureConnWanted) || errors.Is(err, nats.ErrSecureConnRequired) || wantsCertificate(err)
}

// wantsCertificate reports whether a server refused a client without a certificate. TLS
// has a number for that, and Go only its text; and since TLS 1.3 the server may have closed
// the connection before that number is read.
func wantsCertificate(err error) bool {
	for _, text := range []string{"tls: certificate required", "tls: bad certificate", "closed by remote after TLS handshake"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// day is a time as it is compared with the validity of a certificate.
func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// hint says what may help against an error of connecting.
func hint(err error) string {
	_, foreign := errors.AsType[*tls.CertificateVerificationError](err)
	invalid, _ := errors.AsType[x509.CertificateInvalidError](err)
	_, otherName := errors.AsType[x509.HostnameError](err)
	_, unknown := errors.AsType[*net.DNSError](err)
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired):
		return ": the token or the credentials are not those of this server: copy the whole URL that the coordinator prints, or add -creds FILE"
	case foreign && invalid.Cert != nil && invalid.Reason == x509.Expired:
		return fmt.Sprintf(": the server's certificate is for the time from %s to %s, and here it is %s: set the clock that is wrong, or give the server a new certificate",
			day(invalid.Cert.NotBefore), day(invalid.Cert.NotAfter), day(time.Now()))
	case otherName:
		return ": the server's certificate is for other names: write one of them in the URL, or give the server a certificate with this address"
	case foreign:
		return ": no authority that this machine trusts has signed the server's certificate for this name: add -ca FILE, the certificate of who signed it"
	case wantsCertificate(err):
		return ": the server wants to know who connects: add -cert FILE -key FILE"
	case errors.Is(err, nats.ErrSecureConnWanted):
		return ": the server does not encrypt: write nats:// instead of tls://"
	case errors.Is(err, nats.ErrSecureConnRequired):
		return ": the server encrypts: write tls:// instead of nats://"
	case unknown:
		return ": this machine does not know that name: write the address in numbers"
	case errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrTimeout):
		return ": is a server running there, and does the firewall let its port through? Start one with nats-server -js, or the coordinator with bench -test.bench Strong/workload=sleep/strategy=remote -listen ADDRESS:4222"
	}
	return ": is that the port of a NATS server?"
}
