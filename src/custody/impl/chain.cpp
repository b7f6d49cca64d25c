#include "mj/custody/custody_book.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/text.hpp"

namespace mj::custody {
namespace {

constexpr std::string_view kChainTag = "mingjian device chain v1\n";

}  // namespace

Digest chain_start(std::string_view device) {
  return evidence_format::sha256(as_bytes(std::string(kChainTag) + std::string(device)));
}

Digest chain_next(const Digest& link, const Digest& leaf) {
  std::array<std::byte, sizeof(Digest) * 2> both;
  std::copy(link.begin(), link.end(), both.begin());
  std::copy(leaf.begin(), leaf.end(), both.begin() + sizeof(Digest));
  return evidence_format::sha256(both);
}

bool is_chained(const evidence_format::Entry& entry) {
  if (entry.type == evidence_format::EntryType::event || entry.device.empty()) return false;
  const bool control = std::any_of(entry.device.begin(), entry.device.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
  return !control && is_utf8(entry.device);
}

Status agrees(const DayStatement& statement, std::span<const Digest> leaves) {
  if (leaves.size() != statement.count) {
    return Error(ErrorCode::damaged, fmt::format("the statement of {} is about {} entries, there are {}",
                                                 statement.device, statement.count, leaves.size()));
  }
  Digest link = statement.chain_before;
  for (const Digest& leaf : leaves) link = chain_next(link, leaf);
  if (link != statement.chain_after) {
    return Error(ErrorCode::damaged,
                 fmt::format("the statement of {} is about other entries, or in another order", statement.device));
  }
  return {};
}

}  // namespace mj::custody
