#include "header_form.hpp"

#include "header_walk.hpp"

namespace mj::hj212 {
namespace {

void examine_name(const HeaderField& field, Deviations& deviations) {
  const std::string_view word = trim(field.spelled);
  if (word.size() != field.spelled.size()) note(deviations, Deviation::blank);
  if (field.name == HeaderName::unknown) {
    note(deviations, Deviation::field_unknown);
    return;
  }
  for (const auto& [spelling, name] : kHeaderNames) {
    if (name == field.name && word != spelling) note(deviations, Deviation::name_case);
  }
}

/// `last`: nothing stands behind the value, so it needs no separator.
void examine_value(const HeaderField& field, bool last, Deviations& deviations) {
  std::string_view value = field.value;
  if (value.ends_with(';')) {
    value.remove_suffix(1);
    if (last) note(deviations, Deviation::trailing_separator);
  } else if (!last) {
    note(deviations, trim(value).ends_with(';') ? Deviation::blank : Deviation::separator_missing);
    value = trim(value);
    if (value.ends_with(';')) value.remove_suffix(1);
  }
  if (!value.empty() && is_separator(value.back())) note(deviations, Deviation::separator_missing);
  if (value != trim(value)) note(deviations, Deviation::blank);
}

}  // namespace

HeaderOrderVariant examine_header_form(std::string_view segment, Deviations& deviations) {
  auto order = HeaderOrderVariant::standard;
  HeaderName newest = HeaderName::qn;
  bool flag_behind = false;
  walk_header(segment, [&](const HeaderField& field) {
    if (field.spelled.empty()) {
      // What stands before the first name: nothing before QN, one separator behind the area.
      if (!field.behind_area || field.value != ";") note(deviations, Deviation::separator_missing);
      return;
    }
    examine_name(field, deviations);
    if (field.name == HeaderName::cp && !field.behind_area) {
      if (!field.area_regular) note(deviations, Deviation::separator_missing);
    } else {
      const bool last = field.value.data() + field.value.size() == segment.data() + segment.size();
      examine_value(field, last, deviations);
    }
    if (field.behind_area) {
      note(deviations, Deviation::field_after_area);
      flag_behind |= field.name == HeaderName::flag;
      return;
    }
    if (field.name == HeaderName::unknown) return;
    if (field.name < newest) order = HeaderOrderVariant::other;
    newest = field.name;
  });
  if (order == HeaderOrderVariant::other) {
    note(deviations, Deviation::header_order);
  } else if (flag_behind) {
    order = HeaderOrderVariant::flag_behind;
  }
  return order;
}

}  // namespace mj::hj212
