# Writes OUT: a source that holds the JSON files below ROOT/meters and ROOT/terminals.
set(text "#include \"libs/protocols/profiles_json/built_in.h\"\n\nnamespace karez::protocols {\n")
foreach(folder meters terminals)
  file(GLOB files "${ROOT}/${folder}/*.json")
  list(SORT files)
  string(APPEND text "namespace {\nconstexpr BuiltInFile k_${folder}[] = {\n")
  foreach(file IN LISTS files)
    get_filename_component(id "${file}" NAME_WE)
    file(READ "${file}" json)
    string(APPEND text "    {\"${id}\", R\"~json~(${json})~json~\"},\n")
  endforeach()
  string(APPEND text "};\n}  // namespace\n")
endforeach()
string(APPEND text
       "std::span<const BuiltInFile> BuiltInMeters() { return k_meters; }\n"
       "std::span<const BuiltInFile> BuiltInTerminals() { return k_terminals; }\n"
       "}  // namespace karez::protocols\n")
file(WRITE "${OUT}" "${text}")
