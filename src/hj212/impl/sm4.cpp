#include "mj/hj212/sm4.hpp"

#include <openssl/evp.h>
#include <algorithm>
#include <climits>
#include <memory>
#include <stdexcept>
#include <vector>

#include "blocks.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::hj212 {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const std::uint8_t* octets(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

Context begin(const Sm4Key& key, Direction direction, bool padding) {
  Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const int encrypt = direction == Direction::encrypt ? 1 : 0;
  // Only a library built without SM4 fails here; then no frame in cipher can be read or written at all.
  if (context == nullptr ||
      EVP_CipherInit_ex2(context.get(), EVP_sm4_ecb(), key.bytes.data(), nullptr, encrypt, nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), padding ? 1 : 0) != 1) {
    throw std::runtime_error("SM4 is not available in OpenSSL");
  }
  return context;
}

}  // namespace

void sm4_blocks(const Sm4Key& key, Direction direction, std::string_view in, char* out) {
  const std::size_t whole = whole_blocks(in.size());
  const Context context = begin(key, direction, false);
  // An area is a few kilobytes at most; the loop only keeps the narrowing to int honest.
  for (std::size_t done = 0; done < whole;) {
    const std::size_t step = std::min<std::size_t>(whole - done, INT_MAX / 2 / kSm4Block * kSm4Block);
    int written = 0;
    if (EVP_CipherUpdate(context.get(), reinterpret_cast<std::uint8_t*>(out) + done, &written, octets(in) + done,
                         static_cast<int>(step)) != 1) {
      throw std::runtime_error("SM4 failed");
    }
    done += step;
  }
  std::copy(in.begin() + static_cast<std::ptrdiff_t>(whole), in.end(), out + whole);
}

std::optional<Sm4Key> parse_sm4_key(std::string_view text) {
  Sm4Key key;
  if (text.size() != key.bytes.size()) return std::nullopt;
  std::copy(octets(text), octets(text) + text.size(), key.bytes.begin());
  return key;
}

std::string encrypt_area(const Sm4Key& key, std::string_view area) {
  std::string cipher(area.size(), '\0');
  sm4_blocks(key, Direction::encrypt, area, cipher.data());
  return cipher;
}

std::string decrypt_area(const Sm4Key& key, std::string_view area) {
  std::string clear(area.size(), '\0');
  sm4_blocks(key, Direction::decrypt, area, clear.data());
  return clear;
}

std::string multimedia_authorization(const Sm4Key& key, std::string_view user, std::string_view password) {
  std::string clear(user);
  clear.append(":").append(password);
  Bytes cipher(clear.size() + kSm4Block);
  auto* out = reinterpret_cast<std::uint8_t*>(cipher.data());
  const Context context = begin(key, Direction::encrypt, true);
  int written = 0;
  int rest = 0;
  if (EVP_CipherUpdate(context.get(), out, &written, octets(clear), static_cast<int>(clear.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), out + written, &rest) != 1) {
    throw std::runtime_error("SM4 failed");
  }
  return to_base64(BytesView(cipher).first(static_cast<std::size_t>(written + rest)));
}

}  // namespace mj::hj212
