package remote

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"
)

// An authority signs certificates.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string // its own certificate
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	a.cert, a.key, a.file, _ = a.certificate("authority", nil)
	return a
}

// certificate makes a key and a certificate for localhost, valid today, that edit may
// change. The first one signs itself.
func (a *authority) certificate(name string, edit func(*x509.Certificate)) (cert *x509.Certificate, key *ecdsa.PrivateKey, certFile, keyFile string) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IsCA: a.cert == nil, BasicConstraintsValid: true, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if edit != nil {
		edit(template)
	}
	by, byKey := a.cert, a.key
	if by == nil {
		by, byKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by, &key.PublicKey, byKey)
	if err == nil {
		cert, err = x509.ParseCertificate(der)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	write := func(kind string, data []byte) string {
		file := filepath.Join(a.t.TempDir(), strings.ReplaceAll(kind, " ", "-")+".pem")
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600); err != nil {
			a.t.Fatal(err)
		}
		return file
	}
	return cert, key, write("CERTIFICATE", der), write("EC PRIVATE KEY", secret)
}

// config is that of a server with a certificate of the authority.
func (a *authority) config(edit func(*x509.Certificate)) *tls.Config {
	a.t.Helper()
	_, _, cert, key := a.certificate("server", edit)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		a.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: pool, MinVersion: tls.VersionTLS12}
}

// examined is what Examine writes, and its error.
func examined(t *testing.T, a Access) (string, error) {
	t.Helper()
	var b strings.Builder
	err := Examine(bounded(t), sleeping, a, &b)
	return b.String(), err
}

// The server of the coordinator encrypts: nodes that trust its certificate join, all
// others are told why not.
func TestTLSListener(t *testing.T) {
	leavesNoGoroutine(t)
	ca, other := newAuthority(t), newAuthority(t)
	h := hubAt(t, Options{Listen: "127.0.0.1:0", TLS: ca.config(nil)})
	if !strings.HasPrefix(h.URL(), "tls://") {
		t.Errorf("the URL begins with %.7s", h.URL())
	}
	good := Access{URL: h.URL(), CA: ca.file}
	joins(t, good)
	runs(t, h)
	if text, err := examined(t, good); err != nil || !strings.Contains(text, ", encrypted,") {
		t.Errorf("%v, got\n%s", err, text)
	}
	for name, a := range map[string]Access{"no authority": {URL: h.URL()}, "another authority": {URL: h.URL(), CA: other.file}} {
		if err := Join(bounded(t), sleeping, JoinOptions{Server: a, Again: true}); !contains(err, "add -ca FILE") || strings.Contains(err.Error(), h.server.token) {
			t.Errorf("%s: Join: %v", name, err)
		}
		if _, err := examined(t, a); !contains(err, "add -ca FILE") {
			t.Errorf("%s: Examine: %v", name, err)
		}
	}
	plain := Access{URL: strings.Replace(h.URL(), "tls://", "nats://", 1)}
	if _, err := examined(t, plain); !contains(err, "add -ca FILE") {
		t.Errorf("a plain URL: %v, want that the certificate is checked all the same", err)
	}
}

// A clock that is far off makes a certificate invalid, and so does an address that is not
// in it: the error says which of the two it is, and a node does not try it again.
func TestCertificateThatDoesNotFit(t *testing.T) {
	leavesNoGoroutine(t)
	ca := newAuthority(t)
	for name, tt := range map[string]struct {
		edit func(*x509.Certificate)
		want string
	}{
		"of the past": {func(c *x509.Certificate) { c.NotBefore, c.NotAfter = time.Unix(0, 0), time.Unix(86400, 0) }, "is for the time from 1970-01-01 00:00 UTC to 1970-01-02 00:00 UTC, and here it is "},
		"of the future": {func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().AddDate(1, 0, 0), time.Now().AddDate(2, 0, 0)
		}, "set the clock that is wrong"},
		"other names": {func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"elsewhere"}, nil }, "the server's certificate is for other names: write one of them in the URL"},
	} {
		h := hubAt(t, Options{Listen: "127.0.0.1:0", TLS: ca.config(tt.edit)})
		a := Access{URL: h.URL(), CA: ca.file}
		if err := Join(bounded(t), sleeping, JoinOptions{Server: a, Again: true}); !contains(err, tt.want) || contains(err, "add -ca FILE") {
			t.Errorf("%s: Join: %v, want %q", name, err, tt.want)
		}
		if _, err := examined(t, a); !contains(err, tt.want) {
			t.Errorf("%s: Examine: %v, want %q", name, err, tt.want)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A server that exists encrypts, and wants certificates of its clients.
func TestTLSServer(t *testing.T) {
	leavesNoGoroutine(t)
	ca := newAuthority(t)
	config := ca.config(nil)
	config.ClientAuth = tls.RequireAndVerifyClientCert
	s := outside(t, func(o *server.Options) { o.TLSConfig, o.TLS, o.TLSTimeout = config, true, 5 })
	_, _, cert, key := ca.certificate("client", nil)
	url := "tls://" + s.Addr().String()
	h := hubAt(t, Options{Server: Access{URL: url, CA: ca.file, Cert: cert, Key: key}})
	joins(t, Access{URL: h.URL(), CA: ca.file, Cert: cert, Key: key})
	runs(t, h)
	if _, err := examined(t, Access{URL: url, CA: ca.file}); !contains(err, "add -cert FILE -key FILE") {
		t.Errorf("without a certificate: %v", err)
	}
}

// credentials makes an operator with one account that may use JetStream, lets edit make a
// server of it, and returns a file with the credentials of a user of that account.
func credentials(t *testing.T) (edit func(*server.Options), file string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	operator, err := nkeys.CreateOperator()
	must(err)
	operatorName, err := operator.PublicKey()
	must(err)
	resolver := &server.MemAccResolver{}
	account := func(stored bool) (nkeys.KeyPair, string) {
		pair, err := nkeys.CreateAccount()
		must(err)
		name, err := pair.PublicKey()
		must(err)
		claims := jwt.NewAccountClaims(name)
		if stored {
			claims.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: -1, DiskStorage: -1, Streams: -1, Consumer: -1}
		}
		text, err := claims.Encode(operator)
		must(err)
		must(resolver.Store(name, text))
		return pair, name
	}
	_, system := account(false)
	users, _ := account(true)
	claims := jwt.NewOperatorClaims(operatorName)
	claims.SystemAccount = system
	_, err = claims.Encode(operator)
	must(err)

	user, err := nkeys.CreateUser()
	must(err)
	userName, err := user.PublicKey()
	must(err)
	token, err := jwt.NewUserClaims(userName).Encode(users)
	must(err)
	seed, err := user.Seed()
	must(err)
	text, err := jwt.FormatUserConfig(token, seed)
	must(err)
	file = filepath.Join(t.TempDir(), "user.creds")
	must(os.WriteFile(file, text, 0o600))
	return func(o *server.Options) {
		o.TrustedOperators, o.SystemAccount, o.AccountResolver = []*jwt.OperatorClaims{claims}, system, resolver
	}, file
}

// A server that exists wants credentials: with the file of a user of it coordinator and
// node work, with another one or none they say what is missing.
func TestCredentials(t *testing.T) {
	leavesNoGoroutine(t)
	edit, file := credentials(t)
	s := outside(t, edit)
	url := "nats://" + s.Addr().String()
	h := hubAt(t, Options{Server: Access{URL: url, Creds: file}})
	joins(t, Access{URL: h.URL(), Creds: file})
	runs(t, h)
	if text, err := examined(t, Access{URL: url, Creds: file}); err != nil || !strings.Contains(text, "jetstream    yes") {
		t.Errorf("%v, got\n%s", err, text)
	}
	_, foreign := credentials(t)
	for name, a := range map[string]Access{"none": {URL: url}, "of another server": {URL: url, Creds: foreign}} {
		if _, err := NewHub(sleeping, Options{Server: a}); !contains(err, "add -creds FILE") {
			t.Errorf("%s: NewHub: %v", name, err)
		}
		if err := Join(bounded(t), sleeping, JoinOptions{Server: a, Again: true}); !contains(err, "add -creds FILE") {
			t.Errorf("%s: Join: %v", name, err)
		}
	}
}
