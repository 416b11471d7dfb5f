/* SPDX-License-Identifier: EUPL-1.2 */

#include "ed25519.h"
#include "sha512.h"

#include <string.h>

enum { LIMBS = 8 };

/* A number of 256 bits, the lowest limb first. As an element of the field it
 * stands for its remainder modulo p = 2^255 - 19; 2^256 is 38 there. */
struct number {
	uint32_t v[LIMBS];
};

/* The curve is -x^2 + y^2 = 1 + d x^2 y^2. x = X/Z, y = Y/Z, xy = T/Z. */
struct point {
	struct number x, y, z, t;
};

static const struct number zero = {{0}}, one = {{1}};
static const struct number two_d = {{0x26b2f159, 0xebd69b94, 0x8283b156, 0x00e0149a, 0xeef3d130, 0x198e80f2, 0x56dffce7, 0x2406d9dc}};
static const struct number d = {{0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d, 0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee}};
static const struct number root_of_minus_1 = {
	{0x4a0ea0b0, 0xc4ee1b27, 0xad2fe478, 0x2f431806, 0x3dfbd7a7, 0x2b4d0099, 0x4fc1df0b, 0x2b832480}};
static const struct number prime = {
	{0xffffffed, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff}};
static const struct number order = {{0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000}};
static const uint8_t base[32] = {0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

static struct number load(const uint8_t *bytes)
{
	struct number r = zero;
	int i;

	for (i = 0; i < 32; i++)
		r.v[i / 4] |= (uint32_t)bytes[i] << i % 4 * 8;
	return r;
}

/* less tells whether a is smaller than b, as numbers. */
static int less(const struct number *a, const struct number *b)
{
	int i;

	for (i = LIMBS - 1; i > 0 && a->v[i] == b->v[i];)
		i--;
	return a->v[i] < b->v[i];
}

/* subtract takes b from a, as numbers, and gives what it had to borrow. */
static uint32_t subtract(struct number *a, const struct number *b)
{
	uint64_t x = 0;
	int i;

	for (i = 0; i < LIMBS; i++) {
		x = (uint64_t)a->v[i] - b->v[i] - (x >> 63);
		a->v[i] = (uint32_t)x;
	}
	return (uint32_t)(x >> 63);
}

/* fold adds carry times 2^256 to an element. */
static void fold(struct number *a, uint64_t carry)
{
	int i;

	while (carry) {
		carry *= 38;
		for (i = 0; i < LIMBS; i++) {
			carry += a->v[i];
			a->v[i] = (uint32_t)carry;
			carry >>= 32;
		}
	}
}

static struct number plus(const struct number *a, const struct number *b)
{
	struct number r;
	uint64_t x = 0;
	int i;

	for (i = 0; i < LIMBS; i++) {
		x += (uint64_t)a->v[i] + b->v[i];
		r.v[i] = (uint32_t)x;
		x >>= 32;
	}
	fold(&r, x);
	return r;
}

static struct number minus(const struct number *a, const struct number *b)
{
	static const struct number too_much = {{38}};
	struct number r = *a;

	if (subtract(&r, b))
		while (subtract(&r, &too_much))
			;
	return r;
}

static struct number times(const struct number *a, const struct number *b)
{
	uint32_t w[2 * LIMBS] = {0};
	struct number r;
	uint64_t x;
	int i, j;

	for (i = 0; i < LIMBS; i++) {
		x = 0;
		for (j = 0; j < LIMBS; j++) {
			x += (uint64_t)a->v[i] * b->v[j] + w[i + j];
			w[i + j] = (uint32_t)x;
			x >>= 32;
		}
		w[i + LIMBS] = (uint32_t)x;
	}
	x = 0;
	for (i = 0; i < LIMBS; i++) {
		x += (uint64_t)w[i + LIMBS] * 38 + w[i];
		r.v[i] = (uint32_t)x;
		x >>= 32;
	}
	fold(&r, x);
	return r;
}

/* power gives a to the power 2^bits - minus, for a minus below 2^5. */
static struct number power(const struct number *a, int bits, uint32_t minus)
{
	uint32_t low = 32 - minus; /* the lowest five bits; those above are ones */
	struct number r = one;
	int i;

	for (i = bits - 1; i >= 0; i--) {
		r = times(&r, &r);
		if (i > 4 || low >> i & 1)
			r = times(&r, a);
	}
	return r;
}

/* least brings an element below p. */
static void least(struct number *a)
{
	while (!less(a, &prime))
		subtract(a, &prime);
}

static int same(struct number a, struct number b)
{
	least(&a);
	least(&b);
	return !memcmp(&a, &b, sizeof a);
}

static void add(struct point *p, const struct point *q)
{
	struct number a, b, c, e, f, g, h;

	a = minus(&p->y, &p->x);
	b = minus(&q->y, &q->x);
	e = times(&a, &b);
	a = plus(&p->y, &p->x);
	b = plus(&q->y, &q->x);
	h = times(&a, &b);
	c = times(&p->t, &q->t);
	c = times(&c, &two_d);
	f = times(&p->z, &q->z);
	f = plus(&f, &f);
	g = plus(&f, &c);
	f = minus(&f, &c);
	a = minus(&h, &e);
	h = plus(&h, &e);
	p->x = times(&a, &f);
	p->y = times(&g, &h);
	p->t = times(&a, &h);
	p->z = times(&f, &g);
}

/* add_multiple adds n times q to p. */
static void add_multiple(struct point *p, const struct number *n, const struct point *q)
{
	struct point r = {{{0}}, {{1}}, {{1}}, {{0}}};
	int i;

	for (i = 255; i >= 0; i--) {
		add(&r, &r);
		if (n->v[i / 32] >> i % 32 & 1)
			add(&r, q);
	}
	add(p, &r);
}

/* unpack gives 0 if the bytes are those of no point (RFC 8032, 5.1.3). */
static int unpack(struct point *p, const uint8_t *bytes)
{
	struct number u, v, w;

	p->y = load(bytes);
	p->y.v[LIMBS - 1] &= 0x7fffffff;
	p->z = one;
	u = times(&p->y, &p->y);
	v = times(&u, &d);
	u = minus(&u, &one);
	v = plus(&v, &one);
	/* x^2 = u/v; x = u v^3 (u v^7)^((p-5)/8), perhaps times a root of -1. */
	w = times(&v, &v);
	w = times(&w, &v);
	p->x = times(&w, &u);
	w = times(&w, &p->x);
	w = times(&w, &v);
	w = power(&w, 252, 3);
	p->x = times(&p->x, &w);
	w = times(&p->x, &p->x);
	w = times(&w, &v);
	if (!same(w, u)) {
		u = minus(&zero, &u);
		if (!same(w, u))
			return 0;
		p->x = times(&p->x, &root_of_minus_1);
	}
	least(&p->x);
	if ((p->x.v[0] & 1) != bytes[31] >> 7)
		p->x = minus(&zero, &p->x);
	p->t = times(&p->x, &p->y);
	return 1;
}

/* is tells whether bytes are the one encoding of a point. */
static int is(const struct point *p, const uint8_t *bytes)
{
	struct number w = power(&p->z, 255, 21), x = times(&p->x, &w), y = times(&p->y, &w), wanted = load(bytes);

	least(&x);
	least(&y);
	y.v[LIMBS - 1] |= x.v[0] << 31;
	return !memcmp(&y, &wanted, sizeof y);
}

/* remainder divides 64 bytes, the lowest first, by the order of the base. */
static struct number remainder_of(const uint8_t *bytes)
{
	struct number r = zero;
	int i, j;

	for (i = 511; i >= 0; i--) {
		for (j = LIMBS - 1; j > 0; j--)
			r.v[j] = r.v[j] << 1 | r.v[j - 1] >> 31;
		r.v[0] = r.v[0] << 1 | (bytes[i / 8] >> i % 8 & 1);
		if (!less(&r, &order))
			subtract(&r, &order);
	}
	return r;
}

int ed25519_verify(const uint8_t key[ED25519_KEY], const uint8_t *message, size_t n,
	const uint8_t signature[ED25519_SIGNATURE])
{
	struct point r = {{{0}}, {{1}}, {{1}}, {{0}}}, p;
	struct number s = load(signature + 32), k;
	struct sha512 hash;
	uint8_t sum[SHA512_SIZE];

	if (!less(&s, &order) || !unpack(&p, key))
		return 0;
	sha512_begin(&hash);
	sha512_add(&hash, signature, 32);
	sha512_add(&hash, key, ED25519_KEY);
	sha512_add(&hash, message, n);
	sha512_end(&hash, sum);
	k = remainder_of(sum);
	p.x = minus(&zero, &p.x);
	p.t = minus(&zero, &p.t);
	add_multiple(&r, &k, &p);
	unpack(&p, base);
	add_multiple(&r, &s, &p);
	return is(&r, signature);
}
