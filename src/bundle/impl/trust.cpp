#include <charconv>

#include "certificates.hpp"
#include "document.hpp"
#include "mj/bundle/verify.hpp"

namespace mj::bundle {
namespace {

using evidence_format::KeyKind;
using evidence_format::VerifierKey;

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

struct Reader {
  Trust trust;
  std::optional<std::size_t> quorum;
  std::vector<VerifierKey> witnesses;
  bool in_certificate = false;

  Status take(std::string_view line);
};

Status Reader::take(std::string_view line) {
  const auto refuse = [](std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); };
  if (in_certificate || line == kBegin) {
    in_certificate = line != kEnd;
    trust.timestamp_pem.append(line).append("\n");
    return {};
  }
  if (line.empty() || line.starts_with('#')) return {};
  const std::size_t blank = line.find(' ');
  const std::string_view word = line.substr(0, blank);
  const std::string_view rest = blank == std::string_view::npos ? std::string_view() : line.substr(blank + 1);
  if (word == "quorum") {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (quorum || rest.empty() || error != std::errc{} || end != rest.data() + rest.size())
      return refuse("expected one line: quorum <number>");
    quorum = number;
    return {};
  }
  if (word != "log" && word != "witness")
    return refuse("expected log <vkey>, witness <vkey>, quorum <n>, a certificate or a comment #");
  MJ_TRY(VerifierKey key, VerifierKey::parse(rest));
  const bool cosigns = key.kind == KeyKind::cosignature;
  if (cosigns != (word == "witness"))
    return refuse(fmt::format("the key {} is {} key of a witness", key.name, cosigns ? "the" : "no"));
  auto& keys = word == "log" ? trust.log_keys : witnesses;
  const auto same = [&](const VerifierKey& other) { return other.public_key == key.public_key; };
  if (std::any_of(keys.begin(), keys.end(), same)) return refuse(fmt::format("the key {} stands twice", key.name));
  keys.push_back(std::move(key));
  return {};
}

}  // namespace

Result<Trust> Trust::parse(std::string_view text) {
  Reader reader;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    ++number;
    if (const Status taken = reader.take(line); !taken)
      return taken.error().context(fmt::format("line {}", number));
  }
  const auto refuse = [](std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); };
  if (reader.in_certificate) return refuse("the last certificate does not end");
  if (certificates_in(reader.trust.timestamp_pem) != reader.trust.timestamp_pem)
    return refuse("a certificate is not canonical Base64 in lines of 64 characters");
  if (reader.quorum || !reader.witnesses.empty()) {
    const std::size_t quorum = reader.quorum.value_or(reader.witnesses.size());
    if (quorum > reader.witnesses.size())
      return refuse(fmt::format("a quorum of {} needs more than {} witnesses", quorum, reader.witnesses.size()));
    if (reader.witnesses.size() > kMaxWitnesses) return refuse("there are more than 64 witnesses");
    reader.trust.policy = evidence_format::WitnessPolicy{std::move(reader.witnesses), quorum};
  }
  return std::move(reader.trust);
}

}  // namespace mj::bundle
