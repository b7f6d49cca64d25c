#include "configuration.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "mj/evidence_format/hash.hpp"
#include "mj/storage/file.hpp"

namespace mj::app {
namespace {

using Digests = std::map<std::string, std::string>;

Status add_file(Digests& digests, const std::string& name, const std::filesystem::path& file) {
  MJ_TRY(const std::string content, storage::read_file(file));
  digests[name] = to_hex(evidence_format::sha256(as_bytes(content)));
  return {};
}

Status add_folder(Digests& digests, const std::filesystem::path& share, std::string_view folder) {
  std::error_code failure;
  for (std::filesystem::recursive_directory_iterator it(share / folder, failure), end; !failure && it != end;
       it.increment(failure)) {
    if (it->is_regular_file(failure))
      MJ_CHECK(add_file(digests, it->path().lexically_relative(share).generic_string(), it->path()));
  }
  if (failure)
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot list {}: {}", (share / folder).string(), failure.message()));
  return {};
}

}  // namespace

Status record_configuration(evidence::Log& log, const ConfigurationFiles& files,
                            const std::filesystem::path& remembered, Instant now) {
  Digests digests;
  MJ_CHECK(add_folder(digests, files.share, "standards"));
  MJ_CHECK(add_folder(digests, files.share, "rules"));
  if (std::filesystem::exists(files.local))
    MJ_CHECK(add_folder(digests, files.local.parent_path(), files.local.filename().string()));
  if (std::filesystem::exists(files.network)) MJ_CHECK(add_file(digests, "network.toml", files.network));
  const nlohmann::ordered_json json{
      {"kind", "configuration"}, {"version", 1}, {"program", MJ_VERSION}, {"sha256", digests}};
  const std::string text = json.dump();
  const std::string digest = to_hex(evidence_format::sha256(as_bytes(text))) + "\n";
  const auto before = storage::read_file(remembered);
  if (before && *before == digest) return {};
  if (!before && before.error().code() != ErrorCode::not_found) return before.error();

  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::configuration;
  entry.received_at = now;
  entry.payload = as_bytes(text);
  MJ_CHECK(log.append_and_wait(entry));
  return storage::replace_file(remembered, digest);
}

}  // namespace mj::app
