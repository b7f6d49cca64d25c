#include "certificates.hpp"

#include <algorithm>
#include <optional>

#include "mj/kernel/bytes.hpp"

namespace mj::bundle {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
constexpr std::size_t kLine = 64;

std::string block_of(std::string_view base64) {
  std::string block = std::string(kBegin) + "\n";
  for (std::size_t at = 0; at < base64.size(); at += kLine) block.append(base64.substr(at, kLine)).append("\n");
  return block.append(kEnd).append("\n");
}

}  // namespace

std::string certificates_in(std::string_view pem) {
  std::string certificates;
  std::optional<std::string> open;
  while (!pem.empty()) {
    const std::size_t end = std::min(pem.find('\n'), pem.size());
    std::string_view line = pem.substr(0, end);
    pem.remove_prefix(std::min(end + 1, pem.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line == kBegin) {
      open.emplace();
    } else if (line == kEnd && open) {
      if (const auto bytes = from_base64(*open); bytes && !bytes->empty()) certificates += block_of(*open);
      open.reset();
    } else if (open) {
      open->append(line);
    }
  }
  return certificates;
}

}  // namespace mj::bundle
