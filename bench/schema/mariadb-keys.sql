-- The secondary keys of mariadb.sql's tables.
ALTER TABLE oc_mimetypes
  ADD UNIQUE KEY mimetype_id_index (mimetype);
ALTER TABLE oc_storages
  ADD UNIQUE KEY storages_id_index (id);
ALTER TABLE oc_users
  ADD KEY user_uid_lower (uid_lower);
ALTER TABLE oc_preferences
  ADD KEY preferences_app_key (appid, configkey);
ALTER TABLE oc_filecache
  ADD UNIQUE KEY fs_storage_path_hash (storage, path_hash),
  ADD KEY fs_parent_name_hash (parent, name),
  ADD KEY fs_storage_mimetype (storage, mimetype),
  ADD KEY fs_storage_mimepart (storage, mimepart),
  ADD KEY fs_storage_size (storage, size, fileid),
  ADD KEY fs_parent (parent),
  ADD KEY fs_id_storage_size (fileid, storage, size),
  ADD KEY fs_mtime (mtime),
  ADD KEY fs_size (size),
  ADD KEY fs_name_hash (name),
  ADD KEY fs_storage_path_prefix (storage, path(64));
ALTER TABLE oc_share
  ADD KEY item_share_type_index (item_type, share_type),
  ADD KEY file_source_index (file_source),
  ADD KEY token_index (token),
  ADD KEY share_with_index (share_with),
  ADD KEY owner_index (uid_owner),
  ADD KEY initiator_index (uid_initiator);
ALTER TABLE oc_activity
  ADD KEY activity_user_time (affecteduser, timestamp),
  ADD KEY activity_filter_by (affecteduser, user, timestamp),
  ADD KEY activity_filter (affecteduser, type, app, timestamp),
  ADD KEY activity_object (object_type, object_id);
ALTER TABLE oc_calendars
  ADD UNIQUE KEY calendars_index (principaluri, uri);
ALTER TABLE oc_calendarobjects
  ADD UNIQUE KEY calobjects_index (calendarid, calendartype, uri);
ALTER TABLE oc_cards
  ADD KEY cards_abid (addressbookid),
  ADD KEY cards_abiduri (addressbookid, uri);
ALTER TABLE oc_comments
  ADD KEY comments_parent_id_index (parent_id),
  ADD KEY comments_topmost_parent_id_idx (topmost_parent_id),
  ADD KEY comments_object_index (object_type, object_id, creation_timestamp),
  ADD KEY comments_actor_index (actor_type, actor_id);
