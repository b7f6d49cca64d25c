#include "zip_parts.hpp"

#include <zip.h>

#include <algorithm>
#include <vector>

#include "mj/workbook/sheet.hpp"

namespace mj::workbook {

void ZipParts::Close::operator()(::zip* archive) const { zip_discard(archive); }

Result<ZipParts> ZipParts::open(std::string_view bytes, std::size_t max_bytes) {
  zip_error_t failure;
  zip_error_init(&failure);
  const auto refuse = [&failure] {
    Error error(ErrorCode::invalid_input,
                fmt::format("the workbook is damaged: {}", zip_error_strerror(&failure)));
    zip_error_fini(&failure);
    return error;
  };
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &failure);
  if (source == nullptr) return refuse();
  ::zip* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &failure);
  if (archive == nullptr) {
    zip_source_free(source);
    return refuse();
  }
  zip_error_fini(&failure);
  return ZipParts(archive, max_bytes);
}

Result<std::optional<std::string>> ZipParts::part(const std::string& name) {
  const zip_int64_t index = zip_name_locate(archive_.get(), name.c_str(), ZIP_FL_NOCASE);
  if (index < 0) return std::optional<std::string>();
  const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
      zip_fopen_index(archive_.get(), static_cast<zip_uint64_t>(index), 0), zip_fclose);
  if (!file) return Error(ErrorCode::invalid_input, fmt::format("{}: {}", name, zip_strerror(archive_.get())));
  const std::size_t most = std::min(left_, kMaxPartBytes);
  std::string text;
  std::vector<char> buffer(1U << 16U);
  while (true) {  // the size that the archive states is not believed
    const zip_int64_t count = zip_fread(file.get(), buffer.data(), buffer.size());
    if (count < 0) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("{}: {}", name, zip_error_strerror(zip_file_get_error(file.get()))));
    }
    if (count == 0) break;
    if (text.size() + static_cast<std::size_t>(count) > most) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("{} is too large: more than {} bytes unpacked; save the table as CSV", name, most));
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  left_ -= text.size();
  return std::optional<std::string>(std::move(text));
}

}  // namespace mj::workbook
