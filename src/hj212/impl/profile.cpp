#include "mj/hj212/profile.hpp"

namespace mj::hj212 {

std::string_view name(PasswordRule rule) {
  switch (rule) {
    case PasswordRule::off: return "off";
    case PasswordRule::report: return "report";
    case PasswordRule::reject: return "reject";
  }
  return "off";
}

std::string_view name(Encryption encryption) {
  switch (encryption) {
    case Encryption::off: return "off";
    case Encryption::accepted: return "accepted";
    case Encryption::required: return "required";
  }
  return "off";
}

std::optional<PasswordRule> parse_password_rule(std::string_view word) {
  for (const auto rule : {PasswordRule::off, PasswordRule::report, PasswordRule::reject}) {
    if (word == name(rule)) return rule;
  }
  return std::nullopt;
}

std::optional<Encryption> parse_encryption(std::string_view word) {
  for (const auto encryption : {Encryption::off, Encryption::accepted, Encryption::required}) {
    if (word == name(encryption)) return encryption;
  }
  return std::nullopt;
}

std::optional<Dialect> parse_dialect(std::string_view word) {
  for (const auto dialect : {Dialect::v2005, Dialect::v2017, Dialect::v2025}) {
    if (word == name(dialect)) return dialect;
  }
  return std::nullopt;
}

}  // namespace mj::hj212
