# karez_protos(target API a.proto … IMPORTED google/….proto …)
#
# Generates C++ messages (and gRPC stubs where a file declares a service) for the API protos below
# proto/ and the imported ones below KAREZ_GOOGLEAPIS, compiles them into the static library
# `target`, and writes one descriptor set with imports and comments to build/…/proto/karez.binpb.
function(karez_protos target)
  cmake_parse_arguments(arg "" "" "API;IMPORTED" ${ARGN})
  set(out "${CMAKE_CURRENT_BINARY_DIR}/gen")
  file(MAKE_DIRECTORY "${out}")
  if(NOT EXISTS "${KAREZ_GOOGLEAPIS}/google/api/annotations.proto")
    message(FATAL_ERROR "google/api protos are missing in ${KAREZ_GOOGLEAPIS}: run `make deps`.")
  endif()
  set(sources)
  set(inputs)
  foreach(proto IN LISTS arg_API arg_IMPORTED)
    if(proto IN_LIST arg_API)
      set(root "${CMAKE_SOURCE_DIR}/proto")
    else()
      set(root "${KAREZ_GOOGLEAPIS}")
    endif()
    string(REGEX REPLACE "\\.proto$" "" base "${proto}")
    set(generated "${out}/${base}.pb.cc")
    set(grpc_args)
    file(STRINGS "${root}/${proto}" service_lines REGEX "^service ")
    if(service_lines AND proto IN_LIST arg_API)
      list(APPEND generated "${out}/${base}.grpc.pb.cc")
      set(grpc_args "--grpc_out=${out}" "--plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>")
    endif()
    add_custom_command(
      OUTPUT ${generated}
      COMMAND protobuf::protoc "--proto_path=${CMAKE_SOURCE_DIR}/proto" "--proto_path=${KAREZ_GOOGLEAPIS}"
              "--cpp_out=${out}" ${grpc_args} "${proto}"
      DEPENDS "${root}/${proto}"
      COMMENT "proto ${proto}"
      VERBATIM)
    list(APPEND sources ${generated})
    list(APPEND inputs "${root}/${proto}")
    # A change of `service` lines must be seen at configure time.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${root}/${proto}")
  endforeach()
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} SYSTEM PUBLIC "${out}")
  target_link_libraries(${target} PUBLIC gRPC::grpc++ protobuf::libprotobuf)

  set(descriptors "${CMAKE_BINARY_DIR}/proto/karez.binpb")
  add_custom_command(
    OUTPUT "${descriptors}"
    COMMAND protobuf::protoc "--proto_path=${CMAKE_SOURCE_DIR}/proto" "--proto_path=${KAREZ_GOOGLEAPIS}"
            --include_imports --include_source_info "--descriptor_set_out=${descriptors}"
            ${arg_API} ${arg_IMPORTED}
    DEPENDS ${inputs}
    COMMENT "descriptor set"
    VERBATIM)
  add_custom_target(${target}_descriptors ALL DEPENDS "${descriptors}")
  add_dependencies(${target} ${target}_descriptors)
endfunction()
