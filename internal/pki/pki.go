// SPDX-License-Identifier: EUPL-1.2

// Package pki is the small certificate authority of one hall. It vouches for one
// thing, the broker, and devices trust nothing else: they are given its certificate
// when they are paired and pin it.
//
// The authority is made at the first start and lives ten years in one file of the
// data directory. The broker's own certificate is made from it, in memory, whenever
// the one at hand grows old; nobody has to remember anything.
package pki

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"
)

const (
	authorityLife = 10 * 365 * 24 * time.Hour
	// slack is how far a certificate begins before it is made: clocks differ.
	slack = 24 * time.Hour
)

// Authority is a certificate authority. Make it with [Open]; its methods may be called
// from any goroutine.
type Authority struct {
	office string
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
}

// ServerName is the name by which devices of an office know its broker, wherever it
// stands. Every certificate of the authority has it.
func ServerName(office string) string { return office + ".avanti.internal" }

// PEM returns the certificate that devices pin; it is no secret.
func (a *Authority) PEM() []byte { return encode("CERTIFICATE", a.cert.Raw) }

// DER returns the same certificate without its wrapping.
func (a *Authority) DER() []byte { return a.cert.Raw }

// Pool returns a pool with the authority and nobody else.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// Ends returns when the authority ends; all devices must have been paired again by
// then.
func (a *Authority) Ends() time.Time { return a.cert.NotAfter }

// Issue makes a certificate for a broker, from now until the given time, or until the
// authority ends if that is sooner. Besides [ServerName], it has the names, host names
// or addresses.
func (a *Authority) Issue(now, until time.Time, names ...string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("pki: %w", err)
	}
	if until.After(a.cert.NotAfter) {
		until = a.cert.NotAfter
	}
	t := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: ServerName(a.office)},
		NotBefore:    now.Add(-slack),
		NotAfter:     until,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{ServerName(a.office)},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("pki: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("pki: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// generate makes an authority of an office.
func generate(office string, now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: "Avanti " + office},
		NotBefore:             now.Add(-slack),
		NotAfter:              now.Add(authorityLife),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &Authority{office: office, cert: cert, key: key}, err
}

func serial() *big.Int {
	var b [16]byte
	rand.Read(b[:]) // never fails, by its contract
	b[0] &= 0x7f    // a serial number is positive
	return new(big.Int).SetBytes(b[:])
}

// encodeAuthority is the authority's file: the certificate, then its key.
func encodeAuthority(a *Authority) ([]byte, error) {
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, err
	}
	return append(a.PEM(), encode("PRIVATE KEY", key)...), nil
}

// decodeAuthority reads the authority's file.
func decodeAuthority(office string, data []byte) (*Authority, error) {
	cert, rest := pem.Decode(data)
	key, rest := pem.Decode(rest)
	if cert == nil || key == nil || cert.Type != "CERTIFICATE" || key.Type != "PRIVATE KEY" || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("it is not a certificate and its key")
	}
	c, err := x509.ParseCertificate(cert.Bytes)
	if err != nil {
		return nil, err
	}
	k, err := x509.ParsePKCS8PrivateKey(key.Bytes)
	if err != nil {
		return nil, err
	}
	ec, ok := k.(*ecdsa.PrivateKey)
	if !ok || !ec.PublicKey.Equal(c.PublicKey) || !c.IsCA {
		return nil, errors.New("the key is not that of the certificate, or it is no authority")
	}
	return &Authority{office: office, cert: c, key: ec}, nil
}

// Encode gives a certificate and its key as the PEM files that other programs read.
func Encode(c tls.Certificate) (cert, key []byte, err error) {
	for _, der := range c.Certificate {
		cert = append(cert, encode("CERTIFICATE", der)...)
	}
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		return nil, nil, fmt.Errorf("pki: %w", err)
	}
	return cert, encode("PRIVATE KEY", der), nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
