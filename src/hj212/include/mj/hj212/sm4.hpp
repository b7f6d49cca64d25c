#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mj::hj212 {

/// A key of the data area 数据区密钥: 16 bytes, exchanged as 16 characters (NewSK). Source: HJ 212-2025 §6.4 as reported.
struct Sm4Key {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const Sm4Key&) const = default;
};
/// Errors: none unless the text has exactly 16 bytes.
[[nodiscard]] std::optional<Sm4Key> parse_sm4_key(std::string_view text);

/// SM4-ECB without padding over the characters between `CP=&&` and `&&`: whole blocks of 16 only, a shorter tail stays
/// as it is; the length does not change. Source: HJ 212-2025 §6.4 and appendix A.2 as reported (UNVERIFIED against the text).
[[nodiscard]] std::string encrypt_area(const Sm4Key& key, std::string_view area);
[[nodiscard]] std::string decrypt_area(const Sm4Key& key, std::string_view area);

/// Authorization 鉴权 of the multimedia upload: Base64 of SM4-ECB-PKCS7 over "user:password".
/// Source: HJ 212-2025 appendix H as reported.
[[nodiscard]] std::string multimedia_authorization(const Sm4Key& key, std::string_view user,
                                                   std::string_view password);

}  // namespace mj::hj212
