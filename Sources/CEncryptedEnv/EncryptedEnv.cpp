#include "CEncryptedEnv.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <rocksdb/env.h>
#include <rocksdb/env_encryption.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>

// What RocksDB's C API passes around for an environment; the layout of its c.cc in 7.x to 9.x, which
// offers no function that makes one of an Env.
struct rocksdb_env_t {
  rocksdb::Env *rep;
  bool is_default;
};

namespace {

using Key = std::array<uint8_t, 32>;

// The first page of a file: magic, version, salt, tag, zeros. One page, so that what follows stays
// aligned.
constexpr size_t kPrefixLength = 4096;
constexpr char kMagic[8] = {'c', 'h', 't', 'k', 'e', 'n', 'c', '1'};
constexpr size_t kSaltOffset = sizeof(kMagic);
constexpr size_t kSaltLength = 32;
constexpr size_t kTagOffset = kSaltOffset + kSaltLength;
constexpr size_t kTagLength = 32;
constexpr size_t kBlockSize = 16;
// EVP counts in int.
constexpr size_t kChunkMax = size_t{1} << 30;

struct Cipher {
  EVP_CIPHER *rep = EVP_CIPHER_fetch(nullptr, "AES-256-CTR", nullptr);
};

// Fetched once: a fetch costs more than the encryption of a block.
EVP_CIPHER *AES256CTR() {
  static Cipher cipher;
  return cipher.rep;
}

struct Context {
  EVP_CIPHER_CTX *rep = EVP_CIPHER_CTX_new();
  ~Context() { EVP_CIPHER_CTX_free(rep); }
};

// HMAC-SHA256 of a label and the salt: label 'k' gives the key of the file, 't' the tag that shows
// whether the reader has the right key.
bool Derive(const Key &key, char label, const char *salt, uint8_t *output) {
  // SAFETY: the salt has kSaltLength bytes by contract, and the message room for them and a label.
  uint8_t message[1 + kSaltLength];
  message[0] = static_cast<uint8_t>(label);
  std::memcpy(message + 1, salt, kSaltLength);
  unsigned length = 0;
  return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message, sizeof(message),
              output, &length) != nullptr &&
         length == 32;
}

// Encrypts at any offset of one file. RocksDB reads one file from many threads, so there is no state
// but the key.
class CounterStream final : public rocksdb::BlockAccessCipherStream {
 public:
  explicit CounterStream(const Key &key) : key_(key) {}
  ~CounterStream() override { OPENSSL_cleanse(key_.data(), key_.size()); }

  size_t BlockSize() override { return kBlockSize; }

  rocksdb::Status Encrypt(uint64_t offset, char *data, size_t size) override {
    return Apply(offset, data, size);
  }

  rocksdb::Status Decrypt(uint64_t offset, char *data, size_t size) override {
    return Apply(offset, data, size);
  }

 protected:
  void AllocateScratch(std::string &scratch) override { scratch.clear(); }

  rocksdb::Status EncryptBlock(uint64_t index, char *data, char *) override {
    return Apply(index * kBlockSize, data, kBlockSize);
  }

  rocksdb::Status DecryptBlock(uint64_t index, char *data, char *) override {
    return Apply(index * kBlockSize, data, kBlockSize);
  }

 private:
  // In counter mode both directions are the same: exclusive or with AES(counter).
  rocksdb::Status Apply(uint64_t offset, char *data, size_t size) const {
    static thread_local Context context;
    uint8_t counter[kBlockSize] = {};
    const uint64_t block = offset / kBlockSize;
    for (size_t place = 0; place < 8; ++place) {
      counter[15 - place] = static_cast<uint8_t>(block >> (8 * place));
    }
    int written = 0;
    if (context.rep == nullptr ||
        EVP_EncryptInit_ex2(context.rep, AES256CTR(), key_.data(), counter, nullptr) != 1) {
      return rocksdb::Status::IOError("libcrypto refused a key");
    }
    uint8_t skipped[kBlockSize] = {};
    const auto skip = static_cast<int>(offset % kBlockSize);
    if (skip > 0 && EVP_EncryptUpdate(context.rep, skipped, &written, skipped, skip) != 1) {
      return rocksdb::Status::IOError("libcrypto refused to encrypt");
    }
    // SAFETY: `data` has `size` bytes, which are read and written in place, chunk after chunk.
    auto *bytes = reinterpret_cast<uint8_t *>(data);
    while (size > 0) {
      const size_t chunk = std::min(size, kChunkMax);
      if (EVP_EncryptUpdate(context.rep, bytes, &written, bytes, static_cast<int>(chunk)) != 1) {
        return rocksdb::Status::IOError("libcrypto refused to encrypt");
      }
      bytes += chunk;
      size -= chunk;
    }
    return rocksdb::Status::OK();
  }

  Key key_;
};

class SaltedProvider final : public rocksdb::EncryptionProvider {
 public:
  // SAFETY: the caller's key has 32 bytes, as many as ours.
  explicit SaltedProvider(const uint8_t *key) { std::memcpy(key_.data(), key, key_.size()); }
  ~SaltedProvider() override { OPENSSL_cleanse(key_.data(), key_.size()); }

  const char *Name() const override { return "chaticket.SaltedProvider"; }

  size_t GetPrefixLength() const override { return kPrefixLength; }

  rocksdb::Status CreateNewPrefix(const std::string &, char *prefix,
                                  size_t length) const override {
    if (length != kPrefixLength) return rocksdb::Status::InvalidArgument("unexpected prefix");
    // SAFETY: the prefix has kPrefixLength bytes; magic, salt and tag lie within it.
    std::memset(prefix, 0, length);
    std::memcpy(prefix, kMagic, sizeof(kMagic));
    auto *salt = reinterpret_cast<uint8_t *>(prefix + kSaltOffset);
    if (RAND_bytes(salt, static_cast<int>(kSaltLength)) != 1 ||
        !Derive(key_, 't', prefix + kSaltOffset,
                reinterpret_cast<uint8_t *>(prefix + kTagOffset))) {
      return rocksdb::Status::IOError("libcrypto refused a salt");
    }
    return rocksdb::Status::OK();
  }

  rocksdb::Status AddCipher(const std::string &, const char *, size_t, bool) override {
    return rocksdb::Status::NotSupported("the key is given at the start");
  }

  rocksdb::Status CreateCipherStream(
      const std::string &name, const rocksdb::EnvOptions &, rocksdb::Slice &prefix,
      std::unique_ptr<rocksdb::BlockAccessCipherStream> *result) override {
    // RocksDB does not ask about a file of which nothing was written.
    if (prefix.size() < kPrefixLength) {
      return rocksdb::Status::Corruption(name, "is shorter than its first page");
    }
    // SAFETY: the prefix has been found long enough for magic, salt and tag.
    if (std::memcmp(prefix.data(), kMagic, sizeof(kMagic)) != 0) {
      return rocksdb::Status::Corruption(name, "is not encrypted, or its first page is damaged");
    }
    Key tag, key;
    if (!Derive(key_, 't', prefix.data() + kSaltOffset, tag.data()) ||
        !Derive(key_, 'k', prefix.data() + kSaltOffset, key.data())) {
      return rocksdb::Status::IOError("libcrypto refused a key");
    }
    if (CRYPTO_memcmp(tag.data(), prefix.data() + kTagOffset, kTagLength) != 0) {
      return rocksdb::Status::Corruption(name, "was encrypted with another key");
    }
    result->reset(new CounterStream(key));
    OPENSSL_cleanse(key.data(), key.size());
    return rocksdb::Status::OK();
  }

 private:
  Key key_{};
};

}  // namespace

extern "C" rocksdb_env_t *chaticket_encrypted_env_create(const uint8_t key[32]) {
  if (AES256CTR() == nullptr) return nullptr;
  auto provider = std::make_shared<SaltedProvider>(key);
  rocksdb::Env *env = rocksdb::NewEncryptedEnv(rocksdb::Env::Default(), provider);
  if (env == nullptr) return nullptr;
  return new rocksdb_env_t{env, false};
}
