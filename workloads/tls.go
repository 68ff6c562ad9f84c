package workloads

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"sync"
	"time"

	"amdahl/workloads/cores"
)

// TLS shakes hands: a task opens a connection to a server on the loopback
// interface, makes a full TLS 1.3 handshake with a P-256 certificate, without
// resumption, asks for Size bytes that depend on the seed and on its number, and
// compares them. All of it looks like I/O, a dial and a read, and nearly all of
// it is the arithmetic of keys: it scales with the processors and not with the
// connections. The server runs in this process and shares its processors, so a
// task costs both sides of a handshake.
//
// Making and comparing the bytes is compute. The handshake, which waits for the
// other side between its steps, is not: on cores=gil and on slow cores it runs
// at the speed of the machine.
var TLS = Workload{
	Name:      "tls",
	Doc:       "TLS handshakes with a server on this machine: computing in the clothes of I/O",
	Bound:     CPU,
	Size:      1024,
	MaxSize:   1 << 28,
	TestSize:  100,
	TestLarge: 3 * tlsPiece,
	SizeUnit:  "bytes",
	Cost:      1300 * time.Microsecond,
	Ends:      "the processors, though it looks like waiting",
	Sweeps:    []string{"full/fixed"},
	New:       openTLS,
}

// tlsPiece is how many bytes are made between two looks at ctx.
const tlsPiece = 1 << 20

type tlsJob struct {
	cores    cores.Cores
	seed     uint64
	size     int
	client   *tls.Config
	listener net.Listener
	serving  sync.WaitGroup
}

func openTLS(o Options) (Job, error) {
	server, client, err := tlsConfigs()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	j := &tlsJob{cores: o.Cores, seed: o.Seed, size: o.Size, client: client, listener: listener}
	j.serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			j.serving.Go(func() { serveTLS(tls.Server(c, server)) })
		}
	})
	return j, nil
}

// tlsConfigs makes a certificate for the server, and a client that trusts it.
func tlsConfigs() (server, client *tls.Config, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "amdahl"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(30 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	server = &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key, Leaf: cert}},
		MinVersion:   tls.VersionTLS13, SessionTicketsDisabled: true,
	}
	return server, &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS13}, nil
}

// serveTLS answers one request: the seed, the task and the number of bytes.
func serveTLS(c *tls.Conn) {
	defer c.Close()
	var request [24]byte
	if _, err := io.ReadFull(c, request[:]); err != nil {
		return // the client has its own error
	}
	s := newStream(binary.LittleEndian.Uint64(request[:]), int(binary.LittleEndian.Uint64(request[8:])))
	var piece [1 << 14]byte
	for left := binary.LittleEndian.Uint64(request[16:]); left > 0; {
		n := min(left, uint64(len(piece)))
		s.fill(piece[:n])
		if _, err := c.Write(piece[:n]); err != nil {
			return
		}
		left -= n
	}
}

func (j *tlsJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	want := make([]byte, j.size)
	err = compute(ctx, j.cores, func() error {
		s := newStream(j.seed, i)
		for lo := 0; lo < len(want); lo += tlsPiece {
			if err := ctx.Err(); err != nil {
				return err
			}
			s.fill(want[lo:min(lo+tlsPiece, len(want))])
			j.cores.Yield(ctx)
		}
		return nil
	})
	var got []byte
	if err == nil {
		got, err = j.get(ctx, i)
	}
	if err == nil {
		err = compute(ctx, j.cores, func() error {
			if !bytes.Equal(got, want) {
				return errors.New("the server sent other bytes")
			}
			var d digest
			d.bytes(got)
			sum = uint64(d)
			return nil
		})
	}
	if err != nil {
		return 0, taskError(ctx, "tls", i, err)
	}
	return sum, nil
}

// get makes a connection and returns the bytes of task i.
func (j *tlsJob) get(ctx context.Context, i int) ([]byte, error) {
	d := tls.Dialer{Config: j.client}
	c, err := d.DialContext(ctx, "tcp", j.listener.Addr().String())
	if err != nil {
		return nil, fmt.Errorf("handshake: %w", err)
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })()
	request := binary.LittleEndian.AppendUint64(nil, j.seed)
	request = binary.LittleEndian.AppendUint64(request, uint64(i))
	request = binary.LittleEndian.AppendUint64(request, uint64(j.size))
	if _, err := c.Write(request); err != nil {
		return nil, err
	}
	return io.ReadAll(c)
}

// Close ends the server and waits for its connections.
func (j *tlsJob) Close() error {
	err := j.listener.Close()
	j.serving.Wait()
	return err
}
