#ifndef CHATICKET_ENCRYPTED_ENV_H
#define CHATICKET_ENCRYPTED_ENV_H

#include <rocksdb/c.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// An environment of RocksDB that encrypts every file but the lock and the information log with
// AES-256-CTR under a key of its own, derived from `key` and a random salt in the file's first page.
// NULL when libcrypto refuses. To be freed with rocksdb_env_destroy, after the database is closed.
rocksdb_env_t *chaticket_encrypted_env_create(const uint8_t key[32]);

#ifdef __cplusplus
}
#endif

#endif
