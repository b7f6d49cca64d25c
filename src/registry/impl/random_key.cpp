#include "random_key.hpp"

#include <openssl/rand.h>

#include <stdexcept>

namespace mj::registry {

hj212::Sm4Key random_key() {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr unsigned kEven =
      256 / kLetters.size() * kLetters.size();  // bytes above would favour the first letters
  hj212::Sm4Key key;
  for (std::uint8_t& place : key.bytes) {
    unsigned char byte = 0;
    do {
      if (RAND_priv_bytes(&byte, 1) != 1) throw std::runtime_error("the operating system gives no random bytes");
    } while (byte >= kEven);
    place = static_cast<std::uint8_t>(kLetters[byte % kLetters.size()]);
  }
  return key;
}

}  // namespace mj::registry
