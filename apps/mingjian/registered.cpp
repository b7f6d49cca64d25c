#include "registered.hpp"

#include "mj/registry/adoption.hpp"
#include "mj/runtime/log.hpp"

namespace mj::app {
namespace {

Status adopt_folder_file(registry::Book& book, evidence::Log& log, const std::string& kind,
                         const std::filesystem::path& file, Instant now) {
  const auto adopted = registry::adopt_file(book, log, kind, file, now);
  if (!adopted) {
    if (adopted.error().code() == ErrorCode::unavailable) return adopted.error();
    runtime::log(runtime::Level::error, "registry", "{} is not taken into the register: {}", file.string(),
                 adopted.error().text());
  } else if (adopted->added + adopted->changed > 0) {
    runtime::log(runtime::Level::info, "registry", "{}: {} added, {} changed", file.filename().string(),
                 adopted->added, adopted->changed);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<registry::Book>> open_register(const std::filesystem::path& records,
                                                      const registry::RegisterSchema& schema,
                                                      const evidence::Log& log) {
  MJ_TRY(auto book, registry::Book::open(records, schema));
  while (true) {
    MJ_TRY(const std::size_t consumed, book->consume(log));
    if (consumed == 0) return book;
  }
}

Status adopt_register_files(registry::Book& book, evidence::Log& log, const registry::Network& network,
                            const std::vector<std::filesystem::path>& folders, Instant now) {
  for (const registry::KindSchema& kind : book.schema().kinds()) {
    if (kind.id == "point") {
      const auto adopted = registry::adopt_network(book, log, network, now);
      if (!adopted) return adopted.error();
      if (adopted->added + adopted->changed > 0) {
        runtime::log(runtime::Level::info, "registry", "network.toml: {} points added, {} changed", adopted->added,
                     adopted->changed);
      }
    }
    for (const std::filesystem::path& folder : folders) {
      for (const char* extension : {".geojson", ".csv"}) {
        const std::filesystem::path file = folder / (kind.id + extension);
        if (std::filesystem::exists(file)) MJ_CHECK(adopt_folder_file(book, log, kind.id, file, now));
      }
    }
  }
  return {};
}

}  // namespace mj::app
