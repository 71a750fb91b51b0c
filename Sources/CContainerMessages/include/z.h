int container_placeholder(void);
