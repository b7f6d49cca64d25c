#include "tree_files.hpp"

#include "mj/evidence_format/big_endian.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kOffsetBytes = 8;

}  // namespace

void TreeGrowth::add(const Leaves& leaves, Location location) {
  sha256.add(leaves.sha256);
  sm3.add(leaves.sm3);
  add_location(location);
}

void TreeGrowth::add_location(Location location) { evidence_format::put_be(offsets, pack(location)); }

Result<TreeFiles> TreeFiles::open(const Layout& layout, storage::File::Mode mode, Faults faults) {
  auto offsets = storage::File::open(layout.offsets(), mode);
  if (!offsets) {
    const bool missing = mode == storage::File::Mode::read && offsets.error().code() == ErrorCode::not_found;
    return missing ? Error(ErrorCode::damaged, offsets.error().text()) : offsets.error();
  }
  MJ_TRY(HashFiles sha256, HashFiles::open(layout, HashAlgorithm::sha256, mode, faults));
  MJ_TRY(HashFiles sm3, HashFiles::open(layout, HashAlgorithm::sm3, mode, faults));
  return TreeFiles(std::move(sha256), std::move(sm3), std::move(*offsets), std::move(faults));
}

Result<std::uint64_t> TreeFiles::size() const {
  MJ_TRY(const std::uint64_t offsets, offsets_bytes());
  MJ_TRY(const std::uint64_t sha256, sha256_.size());
  MJ_TRY(const std::uint64_t sm3, sm3_.size());
  return std::min({offsets / kOffsetBytes, sha256, sm3});
}

Result<std::uint64_t> TreeFiles::largest_size() const {
  MJ_TRY(const std::uint64_t offsets, offsets_bytes());
  MJ_TRY(const std::uint64_t sha256, sha256_.bytes(0));
  MJ_TRY(const std::uint64_t sm3, sm3_.bytes(0));
  return std::max({offsets / kOffsetBytes, sha256 / sizeof(Digest), sm3 / sizeof(Digest)});
}

Status TreeFiles::write(const TreeGrowth& growth) {
  MJ_CHECK(sha256_.write(growth.first, growth.sha256));
  MJ_CHECK(sm3_.write(growth.first, growth.sm3));
  return faults_.write_at(offsets_, growth.first * kOffsetBytes, growth.offsets);
}

Status TreeFiles::truncate(std::uint64_t size) {
  MJ_CHECK(sha256_.truncate(size));
  MJ_CHECK(sm3_.truncate(size));
  MJ_TRY(const std::uint64_t bytes, offsets_bytes());
  if (bytes > size * kOffsetBytes) MJ_CHECK(offsets_.truncate(size * kOffsetBytes));
  return {};
}

Status TreeFiles::sync(std::uint64_t size) {
  MJ_CHECK(sha256_.sync(size));
  MJ_CHECK(sm3_.sync(size));
  return faults_.sync_file(offsets_);
}

Result<TreeEdges> TreeFiles::edges(std::uint64_t size) const {
  TreeEdges edges;
  MJ_TRY(edges.sha256, sha256_.edge(size));
  MJ_TRY(edges.sm3, sm3_.edge(size));
  return edges;
}

Result<std::vector<Location>> TreeFiles::locations(std::uint64_t first, std::size_t count) const {
  Bytes bytes(count * kOffsetBytes);
  MJ_TRY(const std::size_t got, offsets_.read_at(first * kOffsetBytes, bytes));
  if (got != bytes.size()) {
    return Error(ErrorCode::damaged, fmt::format("tree/offsets ends before entry {}", first + count));
  }
  std::vector<Location> locations;
  locations.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    locations.push_back(
        unpack(evidence_format::get_be<std::uint64_t>(BytesView(bytes).subspan(i * kOffsetBytes))));
  }
  return locations;
}

Result<std::vector<Leaves>> TreeFiles::leaves(std::uint64_t first, std::size_t count) const {
  std::vector<Digest> sha256(count);
  std::vector<Digest> sm3(count);
  MJ_CHECK(sha256_.read(0, first, std::as_writable_bytes(std::span(sha256))));
  MJ_CHECK(sm3_.read(0, first, std::as_writable_bytes(std::span(sm3))));
  std::vector<Leaves> leaves(count);
  for (std::size_t i = 0; i < count; ++i) leaves[i] = Leaves{sha256[i], sm3[i]};
  return leaves;
}

}  // namespace mj::evidence
